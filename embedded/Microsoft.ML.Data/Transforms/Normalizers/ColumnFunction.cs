using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The signature of functions that are created from a saved normalizer, for a type of column.</summary>
internal delegate void SignatureLoadColumnFunction(ModelLoadContext ctx, IHost host, DataViewType typeSrc);

/// <summary>Normalizes the values of a column.</summary>
internal abstract class ColumnFunction : ICanSaveModel
{
    /// <summary>What was learned, as users see it.</summary>
    public abstract NormalizingTransformer.NormalizerModelParametersBase Parameters { get; }

    public abstract Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source);

    public abstract void Save(ModelSaveContext ctx);

    /// <summary>Fails unless the column has as many slots as the saved function.</summary>
    public static void CheckSize(IHost host, int saved, DataViewType type)
    {
        int size = type.GetValueCount();
        if (saved != size)
            throw host.Except($"Normalizer expected {saved} slots, but the input data column has {size} slots.");
    }
}

/// <summary>Normalizes numbers of a type. A scalar is a vector of one slot.</summary>
internal abstract class ColumnFunction<T>(IHost host, bool isVector, int size) : ColumnFunction
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected bool IsVector { get; } = isVector;

    /// <summary>Whether values that a sparse vector does not store stay 0, and need not be looked at.</summary>
    protected abstract bool KeepsMissing { get; }

    public sealed override Delegate MakeGetter(DataViewRow input, DataViewSchema.Column source) => IsVector ? OfVector(input, source) : OfScalar(input, source);

    protected abstract T Apply(int slot, T value);

    private ValueGetter<T> OfScalar(DataViewRow input, DataViewSchema.Column source)
    {
        var get = input.GetGetter<T>(source);
        return (ref T value) =>
        {
            get(ref value);
            value = Apply(0, value);
        };
    }

    private ValueGetter<VBuffer<T>> OfVector(DataViewRow input, DataViewSchema.Column source)
    {
        var get = input.GetGetter<VBuffer<T>>(source);
        VBuffer<T> buffer = default;
        var values = new T[size];
        var slots = new int[size];
        return (ref VBuffer<T> result) =>
        {
            get(ref buffer);
            host.Check(buffer.Length == size, $"The normalizer was made for {size} slots, but this row has {buffer.Length}.");
            int count = 0;
            if (buffer.IsDense || KeepsMissing)
            {
                var stored = buffer.GetValues();
                var places = buffer.GetIndices();
                for (int i = 0; i < stored.Length; i++)
                    Add(buffer.IsDense ? i : places[i], stored[i]);
            }
            else
            {
                int slot = 0;
                foreach (var value in buffer.DenseValues())
                    Add(slot++, value);
            }
            Fill(ref result, values.AsSpan(0, count), slots.AsSpan(0, count));

            void Add(int slot, T value)
            {
                var normal = Apply(slot, value);
                if (T.IsZero(normal))
                    return;
                (slots[count], values[count]) = (slot, normal);
                count++;
            }
        };
    }

    /// <summary>Dense where at least half of the values are not 0, sparse otherwise, whatever the input was.</summary>
    private void Fill(ref VBuffer<T> result, ReadOnlySpan<T> values, ReadOnlySpan<int> slots)
    {
        bool dense = values.Length > 0 && values.Length >= size / 2;
        var editor = VBufferEditor.Create(ref result, size, dense ? size : values.Length);
        if (dense)
        {
            editor.Values.Clear();
            for (int i = 0; i < values.Length; i++)
                editor.Values[slots[i]] = values[i];
        }
        else
        {
            values.CopyTo(editor.Values);
            slots.CopyTo(editor.Indices);
        }
        result = editor.Commit();
    }
}
