using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column bound to the member of a row type.</summary>
internal sealed record MemberColumn(string Name, DataViewType Type, MemberInfo Member, DataViewSchema.Annotations Annotations);

/// <summary>The checked binding between the members of a row type and columns.</summary>
internal static class RowShape
{
    public static MemberColumn[] Of(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
    {
        definition ??= SchemaDefinition.Create(rowType, direction);
        var columns = new List<MemberColumn>(definition.Count);
        foreach (var column in definition)
        {
            var member = RowMembers.Find(rowType, column.MemberName, "userSchemaDefinition");
            if (RowMembers.TypeOf(member) != typeof(IChannel))
                columns.Add(Bind(column, member));
        }
        return [.. columns];
    }

    private static MemberColumn Bind(SchemaDefinition.Column column, MemberInfo member)
    {
        const string param = "userSchemaDefinition";
        var (itemType, isVector) = RowMembers.ItemType(member);
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        if (column.ColumnType is null)
        {
            var primitive = ColumnTypeExtensions.PrimitiveTypeFromType(itemType);
            return new(name, isVector ? new VectorDataViewType(primitive) : primitive, member, column.Annotations);
        }

        var vectorType = column.ColumnType as VectorDataViewType;
        if (isVector != vectorType is not null)
        {
            throw Contracts.ExceptParam(param, $"Column '{name}' is supposed to be {(vectorType is null ? "scalar" : "vector")}, " +
                $"but type of associated field '{column.MemberName}' is {(isVector ? "vector" : "scalar")}");
        }
        var columnItemType = vectorType?.ItemType ?? column.ColumnType;
        if (columnItemType.RawType != itemType)
        {
            throw Contracts.ExceptParam(param,
                $"Column '{name}' is supposed to have item type {columnItemType.RawType}, but associated field has type {itemType}");
        }
        return new(name, column.ColumnType, member, column.Annotations);
    }

    public static DataViewSchema Schema(MemberColumn[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }
}
