namespace MLPipelines.Persistence;

/// <summary>A piece of memory that tensors in a PyTorch file share; its bytes are the entry <c>data/KEY</c> of the zip.</summary>
sealed record TorchStorage(string Key, string DType, TensorType Type, long Count)
{
    public static TorchStorage Of(object? persistentId, Func<string, Exception> malformed)
        => persistentId is object?[] and ["storage", TorchGlobal { DType: { } type }, string key, string, long and >= 0 and var count]
            ? new(key, type, TensorType.Find(type)!, count)
            : throw malformed("a storage");
}
