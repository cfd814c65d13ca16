namespace Microsoft.ML.Runtime;

/// <summary>What components share: messages, progress, seeds, cancellation, and the catalog of loadable classes.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    /// <summary>A host for one component, with a random generator of its own.</summary>
    IHost Register(string name, int? seed = null, bool? verbose = null);
}
