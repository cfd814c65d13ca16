namespace MLPipelines.Persistence;

/// <summary>A name that the pickle of a PyTorch file may refer to. There is no way to add one, and none of them is looked up anywhere: their meaning is what is written here.</summary>
sealed class TorchGlobal
{
    static readonly Dictionary<(string Module, string Name), TorchGlobal> s_known = new()
    {
        [("collections", "OrderedDict")] = new() { _call = (arguments, malformed) => arguments.Length == 0 ? new TorchDictionary() : throw malformed("an OrderedDict") },
        [("torch._utils", "_rebuild_tensor_v2")] = new() { _call = TorchTensor.Rebuild },
        [("torch._utils", "_rebuild_parameter")] = new() { _call = (arguments, malformed) => arguments is [TorchTensor tensor, bool, _] ? tensor : throw malformed("a parameter") },
        [("torch", "DoubleStorage")] = new() { DType = "F64" },
        [("torch", "FloatStorage")] = new() { DType = "F32" },
        [("torch", "HalfStorage")] = new() { DType = "F16" },
        [("torch", "BFloat16Storage")] = new() { DType = "BF16" },
        [("torch", "LongStorage")] = new() { DType = "I64" },
        [("torch", "IntStorage")] = new() { DType = "I32" },
        [("torch", "ShortStorage")] = new() { DType = "I16" },
        [("torch", "CharStorage")] = new() { DType = "I8" },
        [("torch", "ByteStorage")] = new() { DType = "U8" },
        [("torch", "BoolStorage")] = new() { DType = "BOOL" },
    };

    Func<object?[], Func<string, Exception>, object>? _call;

    TorchGlobal()
    {
    }

    /// <summary>The element type, for a type of storage.</summary>
    public string? DType { get; private init; }

    public static TorchGlobal? Find(string module, string name) => s_known.GetValueOrDefault((module, name));

    public object Call(object?[] arguments, Func<string, Exception> malformed) => (_call ?? throw malformed("a call"))(arguments, malformed);
}
