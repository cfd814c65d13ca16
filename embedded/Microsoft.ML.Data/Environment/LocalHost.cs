using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment of one component.</summary>
internal sealed class LocalHost : HostEnvironment, IHost
{
    private readonly LocalEnvironment _root;
    private readonly HostEnvironment _parent;

    public LocalHost(LocalEnvironment root, HostEnvironment parent, string shortName, string parentName, Random rand)
        : base(shortName, parentName, rand)
    {
        _root = root;
        _parent = parent;
        IsCanceled = parent.IsCanceled;
    }

    public override int? Seed => _root.Seed;

    public override ComponentCatalog ComponentCatalog => _root.ComponentCatalog;

    protected override LocalEnvironment Root => _root;

    protected override string NameForChildren => _parent.FullName;
}
