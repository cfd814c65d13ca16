using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>Opens files of tensors, whatever their format.</summary>
public static class TensorFile
{
    /// <summary>Opens a safetensors file, or one that PyTorch wrote (<c>torch.save</c>, since version 1.6). The content decides, not the name.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another format; the message says what is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ITensorFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Span<byte> start = stackalloc byte[4];
        using (var file = File.OpenRead(path)) start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        // Two letters alone could also begin the length of a safetensors header.
        if (start is [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6]) return TorchFile.Open(path);
        // The magic number of torch.save before version 1.6. As the length of a safetensors header it would be above the maximum.
        if (start is [0x80, 0x02, 0x8A, 0x0A]) throw Errors.TorchFileIsOld(path);
        return SafetensorsFile.Open(path);
    }
}
