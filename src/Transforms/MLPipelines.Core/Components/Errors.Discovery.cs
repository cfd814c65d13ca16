namespace MLPipelines.Components;

public static partial class Errors
{
    /// <summary>MLP045: the components of an assembly cannot be used; everything else can.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="inner">Why.</param>
    public static string AssemblyLeftOut(string assembly, Exception inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return Text("MLP045", $"the components of the assembly '{assembly}' are left out", got: inner.GetBaseException().Message.TrimEnd('.'));
    }
}
