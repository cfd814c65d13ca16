using System.Globalization;
using Mono.Cecil;

namespace ApiCompare;

/// <summary>Reads the visible members of a type.</summary>
internal static class MemberReader
{
    /// <summary>Attributes that change how code compiles against a member.</summary>
    private static readonly HashSet<string> Significant =
        ["ObsoleteAttribute", "ExtensionAttribute", "FlagsAttribute", "AttributeUsageAttribute", "TupleElementNamesAttribute", "ParamArrayAttribute", "DefaultMemberAttribute"];

    public static IReadOnlyDictionary<string, ApiMember> Members(TypeDefinition type)
    {
        IEnumerable<(string Key, ApiMember Member)> members = type.Fields.Where(Visibility.IsVisible).Where(field => !field.IsSpecialName).Select(Field)
            .Concat(type.Methods.Where(Visibility.IsVisible).Where(method => !method.IsGetter && !method.IsSetter && !method.IsAddOn && !method.IsRemoveOn).Select(Method))
            .Concat(type.Properties.Where(property => Visibility.IsVisible(property.GetMethod) || Visibility.IsVisible(property.SetMethod)).Select(Property))
            .Concat(type.Events.Where(member => Visibility.IsVisible(member.AddMethod)).Select(Event));
        return members.ToDictionary(member => member.Key, member => member.Member);
    }

    public static string TypeParameters(IEnumerable<GenericParameter> parameters) => string.Join("; ", parameters.Select(TypeParameter));

    public static string Attributes(ICustomAttributeProvider provider) => string.Join(
        " ",
        provider.CustomAttributes.Where(attribute => Significant.Contains(attribute.AttributeType.Name)).Select(Attribute).Order(StringComparer.Ordinal));

    private static (string Key, ApiMember Member) Field(FieldDefinition field)
    {
        string modifiers = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.HasConstant ? " = " + Literal(field.Constant) : "";
        string display = $"{Visibility.Access(field)} {modifiers}{TypeNames.Of(field.FieldType)} {field.Name}{value}";
        return (field.Name, new ApiMember(display, new Dictionary<string, string> { ["declaration"] = display, ["attributes"] = Attributes(field) }));
    }

    private static (string Key, ApiMember Member) Method(MethodDefinition method)
    {
        // Conversions may differ in nothing but the type that they return.
        string returns = method.Name is "op_Implicit" or "op_Explicit" ? " " + TypeNames.Of(method.ReturnType) : "";
        string arity = method.HasGenericParameters ? "`" + method.GenericParameters.Count : "";
        string key = $"{method.Name}{arity}({Types(method.Parameters)}){returns}";
        string display = $"{Visibility.Access(method)} {Modifiers(method)}{TypeNames.Of(method.ReturnType)} {method.Name}{arity}({string.Join(", ", method.Parameters.Select(Parameter))})";
        var facts = new Dictionary<string, string>(Parameters(method.Parameters))
        {
            ["accessibility"] = Visibility.Access(method),
            ["static"] = Text(method.IsStatic),
            ["abstract"] = Text(method.IsAbstract),
            ["return type"] = TypeNames.Of(method.ReturnType),
            ["type parameters"] = TypeParameters(method.GenericParameters),
            ["attributes"] = Attributes(method),
            ["attributes of the result"] = Attributes(method.MethodReturnType),
        };
        return (key, new ApiMember(display, facts, method.IsAbstract, IsOverridable(method), IsOverride(method)));
    }

    private static (string Key, ApiMember Member) Property(PropertyDefinition property)
    {
        MethodDefinition? get = Visibility.IsVisible(property.GetMethod) ? property.GetMethod : null;
        MethodDefinition? set = Visibility.IsVisible(property.SetMethod) ? property.SetMethod : null;
        MethodDefinition accessor = (get ?? set)!;
        string parameters = property.HasParameters ? $"[{string.Join(", ", property.Parameters.Select(Parameter))}]" : "";
        string display = $"{Modifiers(accessor)}{TypeNames.Of(property.PropertyType)} {property.Name}{parameters} {{{Accessor(get, "get")}{Accessor(set, IsInit(set) ? "init" : "set")} }}";
        var facts = new Dictionary<string, string>(Parameters(accessor.Parameters.Take(property.Parameters.Count)))
        {
            ["type"] = TypeNames.Of(property.PropertyType),
            ["get"] = get is null ? "no" : Visibility.Access(get),
            ["set"] = set is null ? "no" : $"{Visibility.Access(set)} {(IsInit(set) ? "init" : "set")}",
            ["static"] = Text(accessor.IsStatic),
            ["abstract"] = Text(accessor.IsAbstract),
            ["attributes"] = Attributes(property),
        };
        return ($"{property.Name}[{Types(property.Parameters)}]", new ApiMember(display, facts, accessor.IsAbstract, IsOverridable(accessor), IsOverride(accessor)));
    }

    private static (string Key, ApiMember Member) Event(EventDefinition member)
    {
        string display = $"{Visibility.Access(member.AddMethod)} {Modifiers(member.AddMethod)}event {TypeNames.Of(member.EventType)} {member.Name}";
        return (member.Name, new ApiMember(
            display,
            new Dictionary<string, string> { ["declaration"] = display },
            member.AddMethod.IsAbstract,
            IsOverridable(member.AddMethod),
            IsOverride(member.AddMethod)));
    }

    private static Dictionary<string, string> Parameters(IEnumerable<ParameterDefinition> parameters) => new()
    {
        ["parameters"] = string.Join(", ", parameters.Select(Parameter)),
        ["attributes of the parameters"] = string.Join(", ", parameters.Select(Attributes)),
    };

    private static string Parameter(ParameterDefinition parameter)
    {
        bool variable = parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute");
        string direction = parameter.IsOut ? "out " : parameter.IsIn ? "in " : "";
        string value = !parameter.IsOptional ? "" : " = " + Literal(parameter.HasConstant ? parameter.Constant : null);
        return $"{(variable ? "params " : "")}{direction}{TypeNames.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string TypeParameter(GenericParameter parameter)
    {
        string variance = parameter.IsCovariant ? "out " : parameter.IsContravariant ? "in " : "";
        IEnumerable<string> constraints = parameter.Constraints.Select(constraint => TypeNames.Of(constraint.ConstraintType)).Where(name => name != "System.ValueType").Order(StringComparer.Ordinal);
        if (parameter.HasNotNullableValueTypeConstraint)
            constraints = constraints.Prepend("struct");
        else if (parameter.HasDefaultConstructorConstraint)
            constraints = constraints.Append("new()");

        if (parameter.HasReferenceTypeConstraint)
            constraints = constraints.Prepend("class");

        return variance + parameter.Name + (constraints.Any() ? " : " + string.Join(", ", constraints) : "");
    }

    private static string Attribute(CustomAttribute attribute)
    {
        IEnumerable<string> arguments = attribute.ConstructorArguments.Select(argument => Literal(argument.Value))
            .Concat(attribute.Properties.Select(property => $"{property.Name} = {Literal(property.Argument.Value)}").Order(StringComparer.Ordinal));
        return $"[{attribute.AttributeType.Name}({string.Join(", ", arguments)})]";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool truth => Text(truth),
        CustomAttributeArgument argument => Literal(argument.Value),
        CustomAttributeArgument[] arguments => string.Join(", ", arguments.Select(argument => Literal(argument.Value))),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Modifiers(MethodDefinition method) =>
        method.DeclaringType.IsInterface ? (method.IsStatic ? "static " : "")
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : IsOverride(method) ? (method.IsFinal ? "sealed override " : "override ")
        : IsOverridable(method) ? "virtual "
        : "";

    private static string Accessor(MethodDefinition? method, string keyword) => method is null ? "" : $" {Visibility.Access(method)} {keyword};";

    private static bool IsInit(MethodDefinition? setter) => setter?.ReturnType is RequiredModifierType { ModifierType.Name: "IsExternalInit" };

    private static bool IsOverride(MethodDefinition method) => method is { IsVirtual: true, IsNewSlot: false };

    private static bool IsOverridable(MethodDefinition method) => method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType.IsSealed;

    private static string Types(IEnumerable<ParameterDefinition> parameters) => string.Join(", ", parameters.Select(parameter => TypeNames.Of(parameter.ParameterType)));

    private static string Text(bool value) => value ? "true" : "false";
}
