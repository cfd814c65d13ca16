namespace Microsoft.ML.Runtime;

/// <summary>The channel that a message comes from.</summary>
internal interface IMessageSource
{
    string ShortName { get; }

    string FullName { get; }

    bool Verbose { get; }
}
