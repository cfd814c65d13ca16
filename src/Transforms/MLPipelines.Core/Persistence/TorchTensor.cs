namespace MLPipelines.Persistence;

/// <summary>A view of a storage: where its elements lie.</summary>
sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    const int MaximumRank = 64;

    /// <summary>Whether the elements follow each other in row-major order.</summary>
    public bool IsContiguous
    {
        get
        {
            var next = 1L;
            for (var axis = Shape.Length - 1; axis >= 0; next *= Shape[axis--])
                if (Shape[axis] > 1 && Strides[axis] != next) return false;
            return true;
        }
    }

    /// <summary>One past the last element used, counted from <see cref="Offset"/>. Meaningful after <see cref="Fault"/> found none.</summary>
    public long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    public static object Rebuild(object?[] arguments, Func<string, Exception> malformed)
        => arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, bool, TorchDictionary { Count: 0 }, .. var rest] && rest.Length <= 1
            && shape.Length == strides.Length && shape.Length <= MaximumRank && shape.All(size => size is long) && strides.All(stride => stride is long)
            ? new TorchTensor(storage, offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()])
            : throw malformed("a tensor");

    /// <summary>What is wrong with the sizes and steps, or null. A step of zero would let a small file claim a large tensor.</summary>
    public string? Fault()
    {
        if (Offset < 0 || Strides.Any(stride => stride < 0) || Storage.Type.BytesOf(Shape) is not { } bytes) return "has sizes that are not possible";
        if (bytes > Array.MaxLength) return "is too large";
        if (bytes == 0) return null;
        Int128 last = Offset, reach = 0;
        foreach (var (size, stride) in Shape.Zip(Strides).Where(axis => axis.First > 1).OrderBy(axis => axis.Second))
        {
            if (stride <= reach) return "uses the same element twice";
            reach += (Int128)(size - 1) * stride;
        }

        return last + reach < Storage.Count ? null : "reaches past the end of its storage";
    }
}
