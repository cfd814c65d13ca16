using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Components;
using MLPipelines.Persistence;

[assembly: LoadableClass("A model made of MLPipelines components.", typeof(ITransformer), typeof(LoadablePackage), null, typeof(SignatureLoadModel),
    "MLPipelines package", LoadablePackage.LoaderSignature)]

namespace MLPipelines.Persistence;

/// <summary>Puts a <see cref="ModelPackage"/> into an ML.NET model file and gets it out again.</summary>
/// <remarks>
/// The one class that ML.NET knows as a loader. A transformer's <c>Save</c> is one call of <see cref="Save"/>; a new component needs no
/// loader attribute and no serialisation code of its own. A saved model loads with a plain <c>mlContext.Model.Load</c>: the file names
/// this assembly to ML.NET, and the package inside names the component's assembly, which is loaded by name from the application
/// (never from the file) into the default context.
/// </remarks>
public static class LoadablePackage
{
    internal const string LoaderSignature = "MLPipelinesPackage";

    static readonly VersionInfo s_version = new(
        modelSignature: "MLPIPE01", verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(LoadablePackage).Assembly.FullName, loaderSignature: LoaderSignature);

    /// <summary>Writes a package as the model that ML.NET is saving.</summary>
    /// <param name="context">What ML.NET passes to <c>ICanSaveModel.Save</c>.</param>
    /// <param name="package">The package.</param>
    public static void Save(ModelSaveContext context, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(package);
        context.CheckAtModel();
        context.SetVersionInfo(s_version);
        foreach (var (name, write) in package.Entries()) context.SaveBinaryStream(name, writer => write(writer.BaseStream));
    }

    /// <summary>Makes the transformer that a package describes.</summary>
    /// <param name="environment">The environment, usually an <c>MLContext</c>.</param>
    /// <param name="package">The package.</param>
    /// <exception cref="InvalidDataException">The package is not valid for its component.</exception>
    /// <exception cref="InvalidOperationException">The component's assembly is not part of the application, or does not contain the component.</exception>
    public static ITransformer Load(IHostEnvironment environment, ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(package);
        var component = FindComponent(package);
        var load = s_load.MakeGenericMethod(component);
        return (ITransformer)load.Invoke(obj: null, BindingFlags.DoNotWrapExceptions, binder: null, [environment, package], culture: null)!;
    }

    // Called by ML.NET, which finds it by name.
    internal static ITransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        context.CheckAtModel(s_version);
        return Load(environment, ModelPackage.Read((name, read) => context.TryLoadBinaryStream(name, reader => read(reader.BaseStream)), "the model"));
    }

    static readonly MethodInfo s_load = typeof(LoadablePackage).GetMethod(nameof(LoadWith), BindingFlags.NonPublic | BindingFlags.Static)!;

    static ITransformer LoadWith<T>(IHostEnvironment environment, ModelPackage package)
        where T : IPackageLoader => T.Load(environment, package);

    static Type FindComponent(ModelPackage package)
    {
        Assembly assembly;
        try
        {
            assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(package.AssemblyName));
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            throw Errors.PackageAssemblyMissing(package.ComponentId, package.AssemblyName, exception);
        }

        var loaders = assembly.GetExportedTypes()
            .Where(type => type.IsAssignableTo(typeof(IPackageLoader)) && type.IsDefined(typeof(PipelineComponentAttribute), inherit: false));
        return loaders.FirstOrDefault(type => ComponentInfo.Of(type).Id == package.ComponentId)
            ?? throw Errors.PackageComponentMissing(package.ComponentId, package.AssemblyName, loaders.Select(type => ComponentInfo.Of(type).Id));
    }
}
