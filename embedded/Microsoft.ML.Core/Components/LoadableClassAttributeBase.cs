using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Names a class under which a model file, or a command line, can ask for it.</summary>
internal abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(
        string summary, Type instType, Type loaderType, Type argType, Type[] sigTypes, string userName, params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckNonEmpty(null, sigTypes, nameof(sigTypes));
        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SigTypes = sigTypes;
        Summary = summary;
        UserName = userName;
        LoadNames = loadNames is { Length: > 0 } ? loadNames : [userName];
        Contracts.CheckParam(!LoadNames.Any(string.IsNullOrWhiteSpace), nameof(loadNames), "LoadableClass loadName parameter can't be empty");
        var parameters = ParametersOf(sigTypes[0]);
        Contracts.CheckParam(
            sigTypes.All(type => ParametersOf(type).SequenceEqual(parameters)), nameof(sigTypes), "LoadableClass signatures must have the same set of parameters");
        CtorTypes = argType is null ? parameters : [argType, .. parameters];
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type[] SigTypes { get; }

    public Type[] CtorTypes { get; }

    public string Summary { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }

    public string DocName { get; set; }

    private static Type[] ParametersOf(Type signature)
    {
        var invoke = signature?.BaseType == typeof(MulticastDelegate) ? signature.GetMethod("Invoke") : null;
        Contracts.CheckParam(
            invoke?.ReturnType == typeof(void), "sigTypes", "LoadableClass signature type must be a delegate type with void return");
        return [.. invoke.GetParameters().Select(parameter => parameter.ParameterType)];
    }
}
