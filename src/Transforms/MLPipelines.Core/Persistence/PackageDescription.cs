using System.Text.Json.Nodes;

namespace MLPipelines.Persistence;

/// <summary>What a <see cref="ModelPackage"/> would hold, without copies of the weights.</summary>
public sealed class PackageDescription
{
    readonly PackageManifest _manifest;

    /// <summary>Describes an object.</summary>
    /// <param name="component">The component class that loads its packages.</param>
    /// <param name="options">Everything about the component that is not weights.</param>
    /// <param name="tensors">The weights by name; their values are read only when asked for, while the object lives.</param>
    /// <param name="files">Further files by name.</param>
    /// <exception cref="ArgumentException">The class is not a component that can load packages, or a file name is not allowed.</exception>
    public PackageDescription(Type component, JsonObject options, IReadOnlyDictionary<string, ITensorSource> tensors, IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(files);
        (_manifest, Tensors, Files) = (PackageManifest.Of(component, options, files.Keys), tensors, files);
    }

    PackageDescription(ModelPackage package)
        => (_manifest, Tensors, Files) = (package.Manifest, package.Tensors.ToDictionary(tensor => tensor.Key, tensor => (ITensorSource)tensor.Value, StringComparer.Ordinal), package.Files);

    /// <inheritdoc cref="ModelPackage.ComponentId"/>
    public string ComponentId => _manifest.Component;

    /// <inheritdoc cref="ModelPackage.AssemblyName"/>
    public string AssemblyName => _manifest.Assembly;

    /// <inheritdoc cref="ModelPackage.LibraryVersion"/>
    public string LibraryVersion => _manifest.LibraryVersion;

    /// <inheritdoc cref="ModelPackage.Options"/>
    public JsonObject Options => _manifest.Options;

    /// <summary>The weights by name.</summary>
    public IReadOnlyDictionary<string, ITensorSource> Tensors { get; }

    /// <inheritdoc cref="ModelPackage.Files"/>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>Describes a package.</summary>
    /// <param name="package">The package.</param>
    public static PackageDescription Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return new(package);
    }
}
