namespace Microsoft.ML;

/// <summary>The signature of classes that are created from a saved model.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
