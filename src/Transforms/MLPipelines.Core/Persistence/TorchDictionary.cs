namespace MLPipelines.Persistence;

/// <summary>A dictionary in a pickle, plain or ordered; keys are texts or whole numbers.</summary>
sealed class TorchDictionary : Dictionary<object, object?>;
