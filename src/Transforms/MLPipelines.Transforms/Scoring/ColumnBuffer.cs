using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLPipelines.Scoring;

/// <summary>Keeps the values of one column for the rows that were read ahead.</summary>
abstract class ColumnBuffer
{
    /// <summary>A buffer for any column type.</summary>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        var buffer = column.Type is VectorDataViewType vector
            ? typeof(VectorBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ScalarBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(buffer, source, column, capacity)!;
    }

    /// <summary>Copies the value of the row on which the source stands.</summary>
    public abstract void Read(int slot);

    /// <summary>A getter of the value in the slot that the function gives.</summary>
    public abstract ValueGetter<TValue> GetGetter<TValue>(Func<int> slot);

    sealed class ScalarBuffer<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        readonly ValueGetter<T> _read = source.GetGetter<T>(column);
        readonly T[] _values = new T[capacity];

        public override void Read(int slot)
        {
            // A fresh variable, so that a getter that fills objects in place does not change a value already handed out.
            T value = default!;
            _read(ref value);
            _values[slot] = value;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(Func<int> slot)
        {
            ValueGetter<T> getter = (ref T value) => value = _values[slot()];
            return (ValueGetter<TValue>)(Delegate)getter;
        }
    }

    sealed class VectorBuffer<T>(DataViewRow source, DataViewSchema.Column column, int capacity) : ColumnBuffer
    {
        readonly ValueGetter<VBuffer<T>> _read = source.GetGetter<VBuffer<T>>(column);
        readonly VBuffer<T>[] _values = new VBuffer<T>[capacity];

        public override void Read(int slot) => _read(ref _values[slot]);

        public override ValueGetter<TValue> GetGetter<TValue>(Func<int> slot)
        {
            ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> value) => _values[slot()].CopyTo(ref value);
            return (ValueGetter<TValue>)(Delegate)getter;
        }
    }
}
