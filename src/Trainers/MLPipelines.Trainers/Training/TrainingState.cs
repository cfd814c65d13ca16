using System.Runtime.InteropServices;
using MLPipelines.Persistence;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>Named tensors and numbers of a training run, as they go into a checkpoint and come out of it bit by bit.</summary>
/// <remarks>Values are copied in and out. <see cref="Part"/> gives each part of a run names of its own. Not safe for concurrent use.</remarks>
public sealed class TrainingState
{
    readonly Dictionary<string, TensorData> values;
    readonly string prefix;

    /// <summary>Makes an empty state.</summary>
    public TrainingState() : this(new(StringComparer.Ordinal), "")
    {
    }

    TrainingState(Dictionary<string, TensorData> values, string prefix) => (this.values, this.prefix) = (values, prefix);

    internal TrainingState(IReadOnlyDictionary<string, TensorData> values) : this(new(values, StringComparer.Ordinal), "")
    {
    }

    internal IReadOnlyDictionary<string, TensorData> All => values;

    /// <summary>The names in this part, in ordinal order.</summary>
    public IEnumerable<string> Names => values.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal);

    /// <summary>The same state seen through longer names: what is put as <c>a</c> into <c>Part("b")</c> is <c>b/a</c> here.</summary>
    /// <param name="name">The name of the part.</param>
    public TrainingState Part(string name) => new(values, $"{prefix}{name}/");

    /// <summary>Whether there is a value of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name) => values.ContainsKey(prefix + name);

    /// <summary>Keeps a copy of a tensor.</summary>
    /// <param name="name">The name; an earlier value of it is replaced.</param>
    /// <param name="value">The tensor, of any shape and device.</param>
    public void Put(string name, Tensor value) => values[prefix + name] = ModuleWeights.ToData(value);

    /// <summary>Keeps whole numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="numbers">The numbers.</param>
    public void Put(string name, params ReadOnlySpan<long> numbers) => values[prefix + name] = new("I64", [numbers.Length], MemoryMarshal.AsBytes(numbers).ToArray());

    /// <summary>Keeps numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="numbers">The numbers, not-a-number and infinities among them where they occur.</param>
    public void Put(string name, params ReadOnlySpan<double> numbers) => values[prefix + name] = new("F64", [numbers.Length], MemoryMarshal.AsBytes(numbers).ToArray());

    /// <summary>Keeps bytes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="bytes">The bytes.</param>
    public void Put(string name, ReadOnlySpan<byte> bytes) => values[prefix + name] = new("U8", [bytes.Length], bytes.ToArray());

    /// <summary>A fresh tensor with the value, on the CPU; the caller owns it.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value.</exception>
    public Tensor Tensor(string name) => ModuleWeights.ToTensor(Find(name));

    /// <summary>Copies a value into a tensor.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">The tensor, on any device.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it has another shape.</exception>
    public void CopyTo(string name, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var data = Find(name);
        if (!data.Shape.SequenceEqual(target.shape)) throw TrainerErrors.StateDoesNotFit(prefix + name, $"[{string.Join(", ", target.shape)}]", $"[{string.Join(", ", data.Shape)}]");
        using var noGrad = no_grad();
        using var value = ModuleWeights.ToTensor(data);
        target.copy_(value);
    }

    /// <summary>Whole numbers.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it is of another kind.</exception>
    public long[] Integers(string name) => MemoryMarshal.Cast<byte, long>(Bytes(name, "I64")).ToArray();

    /// <summary>Numbers.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it is of another kind.</exception>
    public double[] Numbers(string name) => MemoryMarshal.Cast<byte, double>(Bytes(name, "F64")).ToArray();

    /// <summary>Bytes.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidDataException">There is no such value, or it is of another kind.</exception>
    public byte[] Bytes(string name) => Bytes(name, "U8").ToArray();

    ReadOnlySpan<byte> Bytes(string name, string type)
    {
        var data = Find(name);
        return data.DType == type ? data.Data.Span : throw TrainerErrors.StateDoesNotFit(prefix + name, type, data.DType);
    }

    TensorData Find(string name) => values.TryGetValue(prefix + name, out var data) ? data : throw TrainerErrors.StateDoesNotFit(prefix + name, "a value", "nothing");
}
