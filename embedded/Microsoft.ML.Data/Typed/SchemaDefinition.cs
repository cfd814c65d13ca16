using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns that a row type stands for, open to adjustment before a data view is made from rows of that type.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    /// <summary>One column: the member it comes from, its name and its type.</summary>
    public sealed class Column
    {
        private readonly List<(string Kind, object Value, DataViewType Type)> _annotations = [];

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        internal Column(string memberName, DataViewType columnType, string columnName = null)
        {
            Contracts.CheckNonEmpty(memberName, nameof(memberName));
            MemberName = memberName;
            ColumnName = columnName ?? memberName;
            ColumnType = columnType;
        }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            if (_annotations.Any(known => known.Kind == kind))
                throw Contracts.Except("Column already contains an annotation of this kind.");
            _annotations.Add((kind, value, annotationType));
        }

        internal void CopyAnnotations(DataViewSchema.Annotations source)
        {
            foreach (var annotation in source.Schema)
            {
                _annotations.RemoveAll(known => known.Kind == annotation.Name);
                _annotations.Add((annotation.Name, GenericCall.Invoke<object>(Read<int>, annotation.Type.RawType, source, annotation.Name), annotation.Type));
            }
        }

        private static object Read<T>(DataViewSchema.Annotations source, string kind)
        {
            T value = default;
            source.GetValue(kind, ref value);
            return value;
        }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, value, type) in _annotations)
                    builder.Add(kind, type, ConstantGetter.Create(value, type));
                return builder.ToAnnotations();
            }
        }
    }

    /// <summary>Which members count: those that can be read, those that can be written, or either.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write
    }

    private SchemaDefinition()
    {
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(x => x.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            if (value.ColumnName != columnName)
            {
                throw Contracts.ExceptParam(nameof(columnName),
                    $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            }

            int index = FindIndex(x => x.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    /// <summary>Reads the public fields and properties of <paramref name="userType"/>.</summary>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in RowMembers.Of(userType, direction))
        {
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (!names.Add(name))
                throw Contracts.ExceptParam(nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new Column(member.Name, ColumnTypeOf(member, nameof(userType)), name));
        }
        return definition;
    }

    private static DataViewType ColumnTypeOf(MemberInfo member, string param)
    {
        var (itemType, isVector) = RowMembers.ItemType(member);
        PrimitiveDataViewType primitive;
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(itemType))
            {
                throw Contracts.ExceptParam(param,
                    $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            }
            primitive = new KeyDataViewType(itemType, key.Count);
        }
        else
            primitive = ColumnTypeExtensions.PrimitiveTypeFromType(itemType);

        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector is not null && !isVector)
        {
            throw Contracts.ExceptParam(param,
                $"Member {member.Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        }
        if (!isVector)
            return primitive;
        return vector?.Dims is { Length: > 0 } dims ? new VectorDataViewType(primitive, dims) : new VectorDataViewType(primitive, 0);
    }
}
