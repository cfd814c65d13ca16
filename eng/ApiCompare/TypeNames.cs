using Mono.Cecil;

namespace ApiCompare;

/// <summary>Names of types that are the same whichever assembly declares the type.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["System.Void"] = "void", ["System.Object"] = "object", ["System.String"] = "string", ["System.Boolean"] = "bool", ["System.Char"] = "char",
        ["System.SByte"] = "sbyte", ["System.Byte"] = "byte", ["System.Int16"] = "short", ["System.UInt16"] = "ushort", ["System.Int32"] = "int",
        ["System.UInt32"] = "uint", ["System.Int64"] = "long", ["System.UInt64"] = "ulong", ["System.Single"] = "float", ["System.Double"] = "double",
    };

    public static string Of(TypeReference type) => type switch
    {
        // Positions, not names: a method is the same whatever its type parameters are called.
        GenericParameter parameter => (parameter.Type == GenericParameterType.Method ? "!!" : "!") + parameter.Position,
        GenericInstanceType generic => $"{Plain(generic.ElementType)}<{string.Join(", ", generic.GenericArguments.Select(Of))}>",
        ArrayType array => $"{Of(array.ElementType)}[{new string(',', array.Rank - 1)}]",
        ByReferenceType reference => $"{Of(reference.ElementType)}&",
        PointerType pointer => $"{Of(pointer.ElementType)}*",
        RequiredModifierType modified => $"{Of(modified.ElementType)} modreq({Plain(modified.ModifierType)})",
        OptionalModifierType modified => Of(modified.ElementType),
        TypeSpecification other => other.FullName,
        _ => Plain(type),
    };

    private static string Plain(TypeReference type) => Keywords.GetValueOrDefault(type.FullName, type.FullName);
}
