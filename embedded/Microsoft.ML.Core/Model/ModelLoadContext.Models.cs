using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed partial class ModelLoadContext
{
    /// <summary>Creates the component that saved itself in a folder; false where there is no such folder.</summary>
    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(rep, nameof(rep));
        // A part may hold parts without end, in a file made for that.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        result = null;
        using var entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry is null)
        {
            return false;
        }
        using var context = new ModelLoadContext(rep, entry, dir);
        if (!context.TryCreate<TRes, TSig>(env, out result, extra))
        {
            throw env.ExceptDecode($"Couldn't load model: '{dir}': there is no component '{ModelHeader.GetLoaderSig(ref context.Header)}'");
        }
        return true;
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, rep, dir, extra))
        {
            throw env.ExceptDecode("Corrupt model file");
        }
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
    {
        return LoadModelOrNull<TRes, TSig>(env, out result, Repository, ModelSaveContext.Join(Directory, name), extra);
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, name, extra))
        {
            throw _ectx.ExceptDecode("Corrupt model file");
        }
    }

    private bool TryCreate<TRes, TSig>(IHostEnvironment env, out TRes result, object[] extra)
        where TRes : class
    {
        RegisterLoaderAssembly(env);
        foreach (var signature in new[] { ModelHeader.GetLoaderSig(ref Header), ModelHeader.GetLoaderSigAlt(ref Header) })
        {
            if (!string.IsNullOrWhiteSpace(signature)
                && ComponentCatalog.TryCreateInstance<object, TSig>(env, out var instance, signature, "", [this, .. extra])
                && instance is TRes typed)
            {
                result = typed;
                Done();
                return true;
            }
        }
        result = null;
        return false;
    }

    private void RegisterLoaderAssembly(IHostEnvironment env)
    {
        if (string.IsNullOrEmpty(LoaderAssemblyName))
        {
            return;
        }
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(LoaderAssemblyName);
        }
        catch (Exception ex) when (ex is IOException or BadImageFormatException or ArgumentException)
        {
            throw env.ExceptDecode(ex, $"The model needs the assembly '{LoaderAssemblyName}', which could not be loaded: {ex.Message}");
        }
        env.ComponentCatalog.RegisterAssembly(assembly);
    }
}
