using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLPipelines.Components;
using MLPipelines.Persistence;
using MLPipelines.Schema;
using MLPipelines.Scoring;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MLPipelines.Whitening;

/// <summary>Applies a whitening: <c>y = (x − βμ) U Λ^(−γ/2)</c>, the first k components, computed in float64 and delivered in float32.</summary>
/// <remarks>A component of the input that is NaN or infinite makes the row's result NaN, as everywhere in ML.NET.</remarks>
public sealed class WhiteningScorer : IBatchScorer<VectorRow>
{
    readonly WhiteningEstimator.Options _options;
    readonly double[] _center;
    readonly double[] _eigenvalues;
    readonly Tensor _projection; // float64 [D, k]
    readonly int _dimensions;

    /// <summary>Makes a scorer from the directions.</summary>
    /// <param name="basis">The directions.</param>
    /// <param name="options">Columns, γ and k. β is that of the directions, and k is cut to what they allow.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public WhiteningScorer(WhiteningBasis basis, WhiteningEstimator.Options options)
        : this(Checked(basis, options), basis.Center.ToArray(), basis.Projection(options.Gamma, basis.Keep(options), options.EigenvalueFloor), basis.Eigenvalues.ToArray())
    {
    }

    WhiteningScorer(WhiteningEstimator.Options options, double[] center, double[] projection, double[] eigenvalues)
    {
        (_options, _center, _eigenvalues, _dimensions) = (options, center, eigenvalues, projection.Length / center.Length);
        using var scope = NewDisposeScope();
        _projection = tensor(projection).view(center.Length, _dimensions).DetachFromDisposeScope();
        Contract = ContractOf(options, center.Length, _dimensions);
    }

    /// <summary>The length of an input vector.</summary>
    public int InputDimension => _center.Length;

    /// <summary>k: the length of a whitened vector.</summary>
    public int Dimensions => _dimensions;

    /// <summary>All eigenvalues Λ of the covariance about βμ, largest first.</summary>
    public IReadOnlyList<double> Eigenvalues => _eigenvalues;

    /// <summary>Columns and settings.</summary>
    public WhiteningEstimator.Options Settings => _options;

    /// <inheritdoc/>
    public SchemaContract Contract { get; }

    /// <inheritdoc/>
    public int LookAhead => _options.LookAhead;

    /// <inheritdoc/>
    public Func<VectorRow> CreateReader(DataViewRow input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var get = input.GetGetter<VBuffer<float>>(input.Schema[_options.InputColumn]);
        var buffer = default(VBuffer<float>);
        return () =>
        {
            get(ref buffer);
            var values = new float[_center.Length];
            buffer.CopyTo(values);
            return new(values);
        };
    }

    /// <inheritdoc/>
    public void Score(IReadOnlyList<VectorRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var size = _center.Length;
        var centered = empty(rows.Count, size, ScalarType.Float64);
        var values = MemoryMarshal.Cast<byte, double>(centered.bytes);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = values.Slice(i * size, size);
            TensorPrimitives.ConvertTruncating<float, double>(rows[i].Input, row);
            TensorPrimitives.Subtract<double>(row, _center, row);
        }

        var whitened = centered.mm(_projection).to(ScalarType.Float32); // [B, k]
        var results = MemoryMarshal.Cast<byte, float>(whitened.bytes);
        for (var i = 0; i < rows.Count; i++) rows[i].Whitened = results.Slice(i * _dimensions, _dimensions).ToArray();
    }

    /// <inheritdoc/>
    public Delegate CreateGetter(string column, Func<VectorRow> current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return VectorGetter.Of(() => current().Whitened);
    }

    /// <inheritdoc/>
    public ModelPackage Pack()
    {
        var tensors = new Dictionary<string, TensorData>
        {
            ["center"] = Data(_center, _center.Length),
            ["projection"] = Data(MemoryMarshal.Cast<byte, double>(_projection.bytes), _center.Length, _dimensions),
            ["eigenvalues"] = Data(_eigenvalues, _eigenvalues.Length),
        };
        return new(typeof(WhiteningEstimator), OptionsJson.Write(_options), tensors);
    }

    /// <inheritdoc/>
    public void Dispose() => _projection.Dispose();

    /// <summary>The columns needed and produced. The shape of the promise does not depend on the sizes.</summary>
    internal static SchemaContract ContractOf(WhiteningEstimator.Options options, int size, int dimensions) => new(
        ColumnSpec.Required(options.InputColumn, "vector", size > 0 ? new VectorDataViewType(NumberDataViewType.Single, size) : NumberDataViewType.Single, SchemaShape.Column.VectorKind.Vector),
        ColumnSpec.Produced(options.OutputColumn, new VectorDataViewType(NumberDataViewType.Single, dimensions), Annotations(options, dimensions)));

    internal static WhiteningScorer Read(ModelPackage package, string id)
    {
        var options = OptionsJson.Read<WhiteningEstimator.Options>(package.Options, id);
        var center = package.Tensors.GetValueOrDefault("center") is { DType: "F64", Shape: [> 0 and <= int.MaxValue] } found ? Doubles(found) : throw Bad(package, id, "center", "F64 [D]");
        var size = center.Length;
        var projection = package.Tensors.GetValueOrDefault("projection") is { DType: "F64", Shape: [var rows, > 0 and <= int.MaxValue] } matrix && rows == size
            ? Doubles(matrix) : throw Bad(package, id, "projection", $"F64 [{size}, k]");
        var eigenvalues = package.Tensors.GetValueOrDefault("eigenvalues") is { DType: "F64", Shape: [var count] } vector && count == size
            ? Doubles(vector) : throw Bad(package, id, "eigenvalues", $"F64 [{size}]");
        var known = (string[])["center", "projection", "eigenvalues"];
        if (package.Tensors.Keys.Except(known).FirstOrDefault() is { } unknown) throw Bad(package, id, unknown, expected: null);
        return new(options, center, projection, eigenvalues);
    }

    static WhiteningEstimator.Options Checked(WhiteningBasis basis, WhiteningEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(basis);
        return OptionsValidator.Validate(options, WhiteningEstimator.Id);
    }

    // Slot names let tools that explain a model name a direction; unit variance is what ML.NET calls normalized.
    static DataViewSchema.Annotations Annotations(WhiteningEstimator.Options options, int dimensions)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, dimensions), (ref VBuffer<ReadOnlyMemory<char>> names) =>
            names = new(dimensions, [.. Enumerable.Range(0, dimensions).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{options.OutputColumn}.{i}").AsMemory())]));
        if (options.Gamma == 1) builder.Add("IsNormalized", BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }

    static TensorData Data(ReadOnlySpan<double> values, params long[] shape) => new("F64", shape, MemoryMarshal.AsBytes(values).ToArray());

    static double[] Doubles(TensorData data) => MemoryMarshal.Cast<byte, double>(data.Data.Span).ToArray();

    static InvalidDataException Bad(ModelPackage package, string id, string name, string? expected)
        => Errors.PackageTensor(id, name, expected, package.Tensors.TryGetValue(name, out var data) ? $"{data.DType} [{string.Join(", ", data.Shape)}]" : null);
}
