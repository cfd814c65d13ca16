using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Values that describe a column, such as its slot names: one row with a schema of its own.</summary>
    public sealed partial class Annotations
    {
        private readonly Delegate[] _getters;

        internal Annotations(DataViewSchema schema, Delegate[] getters)
        {
            for (var i = 0; i < schema.Count; i++)
            {
                CheckGetter(schema[i].Type, getters[i]);
            }
            Schema = schema;
            _getters = getters;
        }

        public static Annotations Empty { get; } = new(new DataViewSchema([]), []);

        public DataViewSchema Schema { get; }

        public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index >= _getters.Length)
            {
                throw new ArgumentException($"The annotations have no column '{column.Name}'.", nameof(column));
            }
            return _getters[column.Index] as ValueGetter<TValue> ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetGetter)}'");
        }

        public void GetValue<TValue>(string kind, ref TValue value)
        {
            var column = Schema.GetColumnOrNull(kind) ?? throw new InvalidOperationException($"Invalid call to '{nameof(GetValue)}'");
            GetGetter<TValue>(column)(ref value);
        }

        public override string ToString() => string.Join(", ", Schema.Select(column => column.Name));

        internal Delegate GetGetterInternal(int index) => _getters[index];

        private static void CheckGetter(DataViewType type, Delegate getter)
        {
            ArgumentNullException.ThrowIfNull(getter);
            var expected = typeof(ValueGetter<>).MakeGenericType(type.RawType);
            if (getter.GetType() != expected)
            {
                throw new ArgumentException($"{nameof(getter)} must be of type '{expected.FullName}'", nameof(getter));
            }
        }
    }
}
