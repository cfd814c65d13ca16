namespace MLPipelines.Testing;

/// <summary>A component breaks its contract; the message says how.</summary>
/// <param name="message">What was promised, what happened.</param>
public sealed class ContractViolationException(string message) : Exception(message);
