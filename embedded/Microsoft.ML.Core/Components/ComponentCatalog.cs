using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The loadable classes of the registered assemblies. A model file registers the assemblies that it names.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), LoadableClassInfo> _classes = [];

    internal ComponentCatalog()
    {
    }

    /// <summary>Adds the classes that the assembly declares with its <c>LoadableClass</c> attributes; does nothing the second time.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        Contracts.CheckValue(assembly, nameof(assembly));
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
            {
                return;
            }
            foreach (var attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
            {
                if (LoadableClassInfo.TryCreate(attribute, out var info))
                {
                    Add(info, attribute, throwOnError);
                }
                else if (throwOnError)
                {
                    throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
                }
            }
        }
    }

    internal static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, string options, params object[] extra)
        where TRes : class =>
        TryCreateInstance(env, typeof(TSig), out result, name, options, extra);

    internal static bool TryCreateInstance<TRes>(
        IHostEnvironment env, Type signatureType, out TRes result, string name, string options, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        result = null;
        if (env.ComponentCatalog.GetLoadableClassInfo(name, signatureType) is not { } info)
        {
            return false;
        }
        env.Check(typeof(TRes).IsAssignableFrom(info.Type), $"Loadable class '{name}' does not derive from '{typeof(TRes).FullName}'");
        env.Check(
            info.ExtraArgCount == extra.Length,
            $"Wrong number of extra parameters for loadable class '{name}', need '{info.ExtraArgCount}', given '{extra.Length}'");
        env.Check(string.IsNullOrEmpty(options), $"Loadable class '{name}' doesn't support settings");
        result = (TRes)info.CreateInstance(env, extra);
        return true;
    }

    internal LoadableClassInfo GetLoadableClassInfo(string loadName, Type signatureType)
    {
        lock (_lock)
        {
            return _classes.GetValueOrDefault((Normalize(loadName), signatureType));
        }
    }

    private void Add(LoadableClassInfo info, LoadableClassAttributeBase attribute, bool throwOnError)
    {
        foreach (var signature in attribute.SigTypes)
        {
            foreach (var name in attribute.LoadNames)
            {
                if (!_classes.TryAdd((Normalize(name), signature), info) && throwOnError)
                {
                    var known = _classes[(Normalize(name), signature)].Type.Name;
                    throw Contracts.Except(
                        $"ComponentCatalog cannot map name '{name}' and SignatureType '{signature}' to {info.Type.Name}, already mapped to {known}.");
                }
            }
        }
    }

    private static string Normalize(string name) => (name ?? "").Trim().ToLowerInvariant();

    /// <summary>How to make an instance of one loadable class.</summary>
    internal sealed class LoadableClassInfo
    {
        private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;

        private readonly MethodBase _maker;
        private readonly bool _takesEnvironment;
        private readonly Type _argType;

        private LoadableClassInfo(LoadableClassAttributeBase attribute, MethodBase maker, bool takesEnvironment)
        {
            Type = attribute.InstanceType;
            ExtraArgCount = attribute.CtorTypes.Length - (attribute.ArgType is null ? 0 : 1);
            _argType = attribute.ArgType;
            _maker = maker;
            _takesEnvironment = takesEnvironment;
        }

        public Type Type { get; }

        public int ExtraArgCount { get; }

        public static bool TryCreate(LoadableClassAttributeBase attribute, out LoadableClassInfo info)
        {
            var (constructor, constructorTakesEnvironment) = attribute.InstanceType.IsAssignableFrom(attribute.LoaderType)
                ? Find(attribute.CtorTypes, types => attribute.LoaderType.GetConstructor(BindingFlags.Instance | Any, types))
                : default;
            var (create, createTakesEnvironment) = Find(attribute.CtorTypes, types => FindCreate(attribute, types));
            if (constructor is not null && create is not null && Accessibility(constructor) == Accessibility(create))
            {
                throw Contracts.Except(
                    $"Can't load type {attribute.InstanceType}, because it has both create and constructor methods with the same visibility. " +
                    "Please indicate which one should be used by changing either the signature or the visibility of one of them.");
            }
            var useCreate = create is not null && (constructor is null || Accessibility(create) > Accessibility(constructor));
            var maker = useCreate ? create : constructor;
            info = maker is null ? null : new(attribute, maker, useCreate ? createTakesEnvironment : constructorTakesEnvironment);
            return info is not null;
        }

        public object CreateInstance(IHostEnvironment env, object[] extra)
        {
            object[] arguments =
            [
                .. _takesEnvironment ? [env] : Array.Empty<object>(),
                .. _argType is null ? [] : new[] { Activator.CreateInstance(_argType) },
                .. extra,
            ];
            try
            {
                return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
            }
            catch (TargetInvocationException ex) when (ex.InnerException is not null and not OperationCanceledException)
            {
                throw env.Except(ex, $"Error during class instantiation: {ex.InnerException.Message}");
            }
        }

        private static MethodInfo FindCreate(LoadableClassAttributeBase attribute, Type[] types)
        {
            var method = attribute.LoaderType.GetMethod("Create", BindingFlags.Static | Any, types);
            return method?.ReturnType == attribute.InstanceType ? method : null;
        }

        private static (MethodBase Maker, bool TakesEnvironment) Find(Type[] types, Func<Type[], MethodBase> find) =>
            find(types) is { } plain ? (plain, false) : (find([typeof(IHostEnvironment), .. types]), true);

        private static int Accessibility(MethodBase method) => (int)(method.Attributes & MethodAttributes.MemberAccessMask);
    }
}
