using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The public fields and properties that can be columns, and compiled access to them.</summary>
internal static class RowMembers
{
    public static IEnumerable<MemberInfo> Of(Type rowType, SchemaDefinition.Direction direction)
    {
        bool read = direction.HasFlag(SchemaDefinition.Direction.Read), write = direction.HasFlag(SchemaDefinition.Direction.Write);
        var fields = rowType.GetFields(BindingFlags.Public | BindingFlags.Instance);
        var properties = rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(x => ((read && x.GetGetMethod() is not null) || (write && x.GetSetMethod() is not null)) && x.GetIndexParameters().Length == 0);
        return fields.Concat<MemberInfo>(properties).Where(IsColumn);
    }

    /// <summary>All public fields and readable properties, columns or not.</summary>
    public static MemberInfo[] Readable(Type rowType)
        => [.. rowType.GetFields(BindingFlags.Public | BindingFlags.Instance), .. rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetGetMethod() is not null && property.GetIndexParameters().Length == 0)];

    public static MemberInfo Find(Type rowType, string name, string param)
        => rowType.GetField(name) ?? (MemberInfo)rowType.GetProperty(name)
            ?? throw Contracts.ExceptParam(param, $"No field or property with name '{name}' found in type '{rowType.FullName}'");

    public static bool IsColumn(MemberInfo member)
        => TypeOf(member) != typeof(IChannel) && member.GetCustomAttribute<NoColumnAttribute>() is null;

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>Item type as stored in a data view (text for string) and whether the member holds a vector of them.</summary>
    public static (Type Type, bool IsVector) Unwrap(Type type)
    {
        var (item, isVector) = type.IsArray ? (type.GetElementType(), true)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? (type.GetGenericArguments()[0], true)
            : (type, false);
        return (item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item, isVector);
    }

    public static (Type Type, bool IsVector) ItemType(MemberInfo member)
    {
        var result = Unwrap(TypeOf(member));
        if (!result.Type.TryGetDataKind(out _))
            throw Contracts.ExceptParam("rawType", $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return result;
    }

    public static Func<TRow, TValue> Reader<TRow, TValue>(MemberInfo member) => Compiled<TRow, TValue>.Readers.GetOrAdd(member, static member =>
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, member), row).Compile();
    });

    public static Action<TRow, TValue> Writer<TRow, TValue>(MemberInfo member) => Compiled<TRow, TValue>.Writers.GetOrAdd(member, static member =>
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, member), value), row, value).Compile();
    });

    /// <summary>A buffer already in the member may be filled again; a member that can only be written offers none.</summary>
    public static Func<TRow, TValue> ReaderOrDefault<TRow, TValue>(MemberInfo member)
        => member is PropertyInfo property && property.GetGetMethod() is null ? _ => default : Reader<TRow, TValue>(member);

    /// <summary>Compiling takes far longer than opening a cursor, so it is done once per type and member.</summary>
    private static class Compiled<TRow, TValue>
    {
        public static readonly ConcurrentDictionary<MemberInfo, Func<TRow, TValue>> Readers = new();
        public static readonly ConcurrentDictionary<MemberInfo, Action<TRow, TValue>> Writers = new();
    }
}
