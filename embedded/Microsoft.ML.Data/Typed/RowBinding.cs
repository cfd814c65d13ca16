using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a schema that a row type can take, checked once, bound to any row of that schema.</summary>
internal sealed class RowBinding<TRow>
    where TRow : class
{
    private readonly (DataViewSchema.Column Source, MemberColumn Target)[] _columns;

    public RowBinding(IExceptionContext ectx, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        if (definition is null)
            CheckMemberTypes(schema);
        var columns = new List<(DataViewSchema.Column, MemberColumn)>();
        foreach (var target in RowShape.Of(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(target.Name) is not { } source)
            {
                if (ignoreMissingColumns)
                    continue;
                throw ectx.ExceptSchemaMismatch(nameof(IDataView.Schema), "", target.Name);
            }
            if (!IsCompatible(source.Type, target.Member))
            {
                throw ectx.Except("Can't bind the IDataView column '{0}' of type '{1}' to field or property '{2}' of type '{3}'.",
                    target.Name, source.Type, target.Member.Name, RowMembers.TypeOf(target.Member).FullName);
            }
            columns.Add((source, target));
        }
        _columns = [.. columns];
    }

    public IEnumerable<DataViewSchema.Column> Sources => _columns.Select(column => column.Source);

    public Action<TRow>[] Setters(DataViewRow row) => Array.ConvertAll(_columns, c => MemberSetter.Create<TRow>(row, row.Schema[c.Source.Index], c.Target));

    private static bool IsCompatible(DataViewType type, MemberInfo member)
    {
        var (itemType, isVector) = RowMembers.ItemType(member);
        return isVector == type is VectorDataViewType && type.GetItemType().RawType == itemType;
    }

    /// <summary>A member of a type that no column can have is reported with the type that it should have.</summary>
    private static void CheckMemberTypes(DataViewSchema schema)
    {
        foreach (var member in RowMembers.Of(typeof(TRow), SchemaDefinition.Direction.Write))
        {
            var actual = RowMembers.Unwrap(RowMembers.TypeOf(member)).Type;
            var name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (actual.TryGetDataKind(out _) || schema.GetColumnOrNull(name)?.Type.RawType is not { } expected || expected == actual)
                continue;
            throw Contracts.ExceptParam("actualType", $"The expected type '{expected}' does not match the type of the '{name}' member: '{actual}'. " +
                $"Please change the {name} member to '{expected}'");
        }
    }
}
