namespace Microsoft.ML.Runtime;

/// <summary>Starts progress channels.</summary>
public interface IProgressChannelProvider
{
    IProgressChannel StartProgressChannel(string name);
}
