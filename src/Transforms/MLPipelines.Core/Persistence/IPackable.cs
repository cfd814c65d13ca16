namespace MLPipelines.Persistence;

/// <summary>Something that can be saved as a <see cref="ModelPackage"/>: a transformer, or the scorer inside one.</summary>
/// <remarks>
/// <see cref="Pack"/> may be called at any time before the object is disposed, also while it scores, and changes nothing. The package
/// holds copies: it stays valid when the object is disposed.
/// </remarks>
public interface IPackable
{
    /// <summary>Makes a package that <see cref="IPackageLoader.Load"/> of the same component turns into an equal object.</summary>
    ModelPackage Pack();

    /// <summary>Tells what <see cref="Pack"/> would put into a package, and copies no weights where the component knows how.</summary>
    /// <returns>The description; its tensors can be read until this object is disposed.</returns>
    PackageDescription Describe() => PackageDescription.Of(Pack());
}
