using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLPipelines.Persistence;

/// <summary>Implemented by the component class whose id is in a package: makes the transformer out of it.</summary>
public interface IPackageLoader
{
    /// <summary>Makes a transformer.</summary>
    /// <remarks>
    /// A package may come from an untrusted file. Its tensors agree with their own shapes, but whether they are those that the component
    /// needs is for the component to check: every missing, unknown or wrongly shaped tensor is an error, before large allocations.
    /// </remarks>
    /// <param name="environment">The environment that loads.</param>
    /// <param name="package">The package.</param>
    /// <exception cref="InvalidDataException">The package is not valid for this component; the message says what is wrong.</exception>
    static abstract ITransformer Load(IHostEnvironment environment, ModelPackage package);
}
