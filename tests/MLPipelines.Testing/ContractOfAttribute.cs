namespace MLPipelines.Testing;

/// <summary>Says which components a contract class covers, so that a component without one is found.</summary>
/// <param name="components">
/// The component classes. More than one where they only work together, as a trainer and the transformer that it fits.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ContractOfAttribute(params Type[] components) : Attribute
{
    /// <summary>The component classes.</summary>
    public IReadOnlyList<Type> Components { get; } = components;
}
