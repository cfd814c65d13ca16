using MLPipelines.Components;
using static TorchSharp.torch;

namespace MLPipelines.Persistence;

/// <summary>Moves the parameters and buffers of modules to and from <see cref="TensorData"/>.</summary>
public static class ModuleWeights
{
    static readonly Dictionary<ScalarType, string> s_names = new()
    {
        [ScalarType.Bool] = "BOOL", [ScalarType.Byte] = "U8", [ScalarType.Int8] = "I8", [ScalarType.Int16] = "I16", [ScalarType.Int32] = "I32", [ScalarType.Int64] = "I64",
        [ScalarType.Float16] = "F16", [ScalarType.BFloat16] = "BF16", [ScalarType.Float32] = "F32", [ScalarType.Float64] = "F64",
    };

    static readonly Dictionary<string, ScalarType> s_types = s_names.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Copies every parameter and persistent buffer.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <returns>Names as in the module's <c>state_dict</c>; the values are copies.</returns>
    public static IReadOnlyDictionary<string, TensorData> Export(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.state_dict().ToDictionary(pair => pair.Key, pair => ToData(pair.Value), StringComparer.Ordinal);
    }

    /// <summary>Fills a module. Either every tensor fits and is copied, or nothing is changed.</summary>
    /// <param name="module">The module; values are converted to its dtypes and device.</param>
    /// <param name="tensors">The values.</param>
    /// <param name="componentId">What the module is, for messages.</param>
    /// <param name="prefix">
    /// Only names that begin with it are looked at, without it; for example <c>roformer.</c> in a published checkpoint. Null looks at all names, and
    /// then a name that the module does not have is an error.
    /// </param>
    /// <exception cref="InvalidDataException">A tensor is missing or unknown, or has another shape or no floating-point type.</exception>
    public static void Import(nn.Module module, IReadOnlyDictionary<string, TensorData> tensors, string componentId, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(tensors);
        var targets = module.state_dict();
        foreach (var (name, target) in targets) Check(prefix + name, target, tensors, componentId);
        if (prefix is null && tensors.Keys.FirstOrDefault(name => !targets.ContainsKey(name)) is { } unknown)
            throw Errors.PackageTensor(componentId, unknown, expected: null, got: Describe(tensors[unknown].DType, tensors[unknown].Shape));

        using var noGrad = no_grad();
        foreach (var (name, target) in targets)
        {
            using var value = ToTensor(tensors[prefix + name]);
            target.copy_(value);
        }
    }

    /// <summary>Fills a module on the CPU from tensors that are read piece by piece, so that no second copy of the weights is ever in memory.</summary>
    /// <param name="module">The module; its dtypes are float32, float16 or bfloat16, to which values are converted.</param>
    /// <param name="sources">The values of every parameter and persistent buffer, of the same shapes and of floating-point types.</param>
    /// <exception cref="InvalidDataException">The file that they come from is damaged; part of the module has been filled then.</exception>
    internal static void Fill(nn.Module module, IReadOnlyDictionary<string, ITensorSource> sources)
    {
        using var noGrad = no_grad();
        foreach (var (name, target) in module.state_dict()) Pieces(sources[name], target, (place, piece) => piece.CopyTo(place));
    }

    /// <summary>Whether a tensor's values are those of another, to the last bit after conversion to its dtype.</summary>
    internal static bool AreEqual(Tensor target, ITensorSource source)
    {
        if (!source.Shape.SequenceEqual(target.shape) || !IsFloat(source.DType)) return false;
        var equal = true;
        using var noGrad = no_grad();
        Pieces(source, target, (place, piece) => equal = equal && place.SequenceEqual(piece));
        return equal;
    }

    /// <summary>The parameters and persistent buffers as tensors that are read when they are written somewhere; nothing is copied before.</summary>
    internal static IReadOnlyDictionary<string, ITensorSource> Sources(nn.Module module)
        => module.state_dict().ToDictionary(pair => pair.Key, pair => ToSource(pair.Value), StringComparer.Ordinal);

    // Plain copies of memory: an operator of the tensor library would start its threads for every piece.
    static void Pieces(ITensorSource source, Tensor target, Action<Span<byte>, ReadOnlySpan<byte>> use)
    {
        var type = s_names[target.dtype];
        using var flat = target.view(-1);
        source.To(type, type).Read((piece, offset) =>
        {
            using var place = flat.narrow(0, offset / SizeOf(type), piece.Length / SizeOf(type));
            use(place.bytes, piece);
        });
    }

    sealed class ModuleTensor(Tensor tensor) : ITensorSource
    {
        public string DType => s_names[tensor.dtype];

        public IReadOnlyList<long> Shape => tensor.shape;

        public void Read(TensorReader reader)
        {
            using var scope = NewDisposeScope();
            var values = tensor.detach().cpu().contiguous().bytes;
            if (!values.IsEmpty) reader(values, 0);
        }
    }

    static void Check(string name, Tensor target, IReadOnlyDictionary<string, TensorData> tensors, string componentId)
    {
        var expected = Describe(s_names[target.dtype], target.shape);
        if (!tensors.TryGetValue(name, out var data)) throw Errors.PackageTensor(componentId, name, expected, got: null);
        var fits = data.Shape.SequenceEqual(target.shape) && s_types.ContainsKey(data.DType) && IsFloat(data.DType) == IsFloat(s_names[target.dtype]);
        if (!fits) throw Errors.PackageTensor(componentId, name, expected, Describe(data.DType, data.Shape));
    }

    /// <summary>The size in bytes of a floating-point element.</summary>
    internal static int SizeOf(string type) => type switch { "F16" or "BF16" => 2, "F32" => 4, "F64" => 8, _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null) };

    internal static bool IsFloat(string type) => type is "F16" or "BF16" or "F32" or "F64";

    /// <summary>Copies a tensor's values.</summary>
    /// <param name="tensor">The tensor, on any device.</param>
    public static TensorData ToData(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu().contiguous();
        return new(s_names[values.dtype], [.. values.shape], values.bytes.ToArray());
    }

    /// <summary>A tensor's values as they are when they are read; nothing is copied before.</summary>
    /// <param name="tensor">The tensor, on any device; it has to live until then.</param>
    public static ITensorSource ToSource(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new ModuleTensor(tensor);
    }

    /// <summary>Makes a tensor.</summary>
    /// <param name="data">The values.</param>
    /// <returns>A fresh tensor on the CPU; the caller owns it.</returns>
    public static Tensor ToTensor(TensorData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var tensor = empty([.. data.Shape], s_types[data.DType]);
        data.Data.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    static string Describe(string type, IEnumerable<long> shape) => $"{type} [{string.Join(", ", shape)}]";
}
