namespace MLPipelines.Components;

/// <summary>Gives a component its identity. The class carries it, so no list has to be edited to add a component.</summary>
/// <param name="id">
/// <c>kind.name.vN</c> in lower case, for example <c>loss.zlpr.v1</c>. An id is never reused: a component whose results change
/// gets a new version beside the old one, so that saved models and configurations keep their meaning.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PipelineComponentAttribute(string id) : Attribute
{
    /// <summary>The id, <c>kind.name.vN</c>.</summary>
    public string Id { get; } = id;

    /// <summary>Where the method comes from: the address of a paper, an article or a reference implementation.</summary>
    public string? Source { get; init; }

    /// <summary>One sentence for listings.</summary>
    public string? Summary { get; init; }
}
