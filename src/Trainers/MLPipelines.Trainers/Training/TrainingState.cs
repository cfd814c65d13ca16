using System.Runtime.InteropServices;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>Named tensors and numbers of a training run, as they go into a checkpoint and come out of it bit by bit.</summary>
/// <remarks>Numbers and bytes are copied in, and all values out. <see cref="Part"/> gives each part of a run names of its own. Not safe for concurrent use.</remarks>
public sealed class TrainingState
{
    readonly Dictionary<string, ITensorSource> values;
    readonly string prefix;
    readonly DisposeScope? views;

    /// <summary>Makes an empty state.</summary>
    public TrainingState() : this(new(StringComparer.Ordinal), "")
    {
    }

    TrainingState(Dictionary<string, ITensorSource> values, string prefix, DisposeScope? views = null) => (this.values, this.prefix, this.views) = (values, prefix, views);

    internal TrainingState(IReadOnlyDictionary<string, TensorData> values) : this(new(values.Select(pair => KeyValuePair.Create<string, ITensorSource>(pair.Key, pair.Value)), StringComparer.Ordinal), "")
    {
    }

    /// <summary>Makes an empty state that is written at once: tensors are read only then, so that no second copy of a model's weights and moments is ever in memory.</summary>
    /// <param name="scope">Owns the views of the tensors; the state must not outlive it.</param>
    internal static TrainingState ToWrite(DisposeScope scope) => new(new(StringComparer.Ordinal), "", scope);

    internal IReadOnlyDictionary<string, ITensorSource> All => values;

    /// <summary>The names in this part, in ordinal order.</summary>
    public IEnumerable<string> Names => values.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Order(StringComparer.Ordinal);

    /// <summary>The same state seen through longer names: what is put as <c>a</c> into <c>Part("b")</c> is <c>b/a</c> here.</summary>
    /// <param name="name">The name of the part.</param>
    public TrainingState Part(string name) => new(values, $"{prefix}{name}/", views);

    /// <summary>Whether there is a value of this name.</summary>
    /// <param name="name">The name.</param>
    public bool Has(string name) => values.ContainsKey(prefix + name);

    /// <summary>Lets go of all values, in every part: a run that goes on does not need the memory of its old state twice.</summary>
    internal void Clear() => values.Clear();

    /// <summary>Keeps the values of a tensor.</summary>
    /// <param name="name">The name; an earlier value of it is replaced.</param>
    /// <param name="value">The tensor, of any shape and device. It may be disposed at once, but not changed before the state has been saved.</param>
    public void Put(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (views is null)
        {
            values[prefix + name] = ModuleWeights.ToData(value);
            return;
        }
        var view = value.detach().DetachFromDisposeScope();
        views.Attach(view);
        values[prefix + name] = ModuleWeights.ToSource(view);
    }

    /// <summary>Keeps whole numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="numbers">The numbers.</param>
    public void Put(string name, params ReadOnlySpan<long> numbers) => values[prefix + name] = new TensorData("I64", [numbers.Length], MemoryMarshal.AsBytes(numbers).ToArray());

    /// <summary>Keeps numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="numbers">The numbers, not-a-number and infinities among them where they occur.</param>
    public void Put(string name, params ReadOnlySpan<double> numbers) => values[prefix + name] = new TensorData("F64", [numbers.Length], MemoryMarshal.AsBytes(numbers).ToArray());

    /// <summary>Keeps bytes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="bytes">The bytes.</param>
    public void Put(string name, ReadOnlySpan<byte> bytes) => values[prefix + name] = new TensorData("U8", [bytes.Length], bytes.ToArray());

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

    TensorData Find(string name) => values.GetValueOrDefault(prefix + name) as TensorData ?? throw TrainerErrors.StateDoesNotFit(prefix + name, "a value", "nothing");
}
