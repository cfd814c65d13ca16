using Mono.Cecil;

namespace ApiCompare;

/// <summary>What code in another assembly, without access to internals, can see.</summary>
internal static class Visibility
{
    public static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || ((type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && !type.DeclaringType.IsSealed)) && IsVisible(type.DeclaringType));

    public static bool IsVisible(MethodDefinition? method) =>
        method is not null && (method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType.IsSealed));

    public static bool IsVisible(FieldDefinition field) =>
        field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType.IsSealed);

    public static string Access(MethodDefinition method) => method.IsPublic ? "public" : "protected";

    public static string Access(FieldDefinition field) => field.IsPublic ? "public" : "protected";

    public static string Access(TypeDefinition type) => type.IsPublic || type.IsNestedPublic ? "public" : "protected";
}
