using MLPipelines.Host.Models;

namespace MLPipelines.Host.Tests;

/// <summary>The weights in a model file, to compare runs.</summary>
internal static class ModelWeights
{
    /// <summary>The bytes of each tensor by its name.</summary>
    internal static Dictionary<string, byte[]> Of(string model)
    {
        using var loaded = LoadedModel.Open(model);
        return loaded.Package.Tensors.ToDictionary(tensor => tensor.Key, tensor =>
        {
            using var bytes = new MemoryStream();
            tensor.Value.Read((piece, _) => bytes.Write(piece));
            return bytes.ToArray();
        });
    }
}
