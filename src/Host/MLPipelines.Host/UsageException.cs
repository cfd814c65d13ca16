namespace MLPipelines.Host;

/// <summary>The user asked for something that cannot be done as written. The tool prints the message and ends with exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
