using System.IO.Compression;
using System.Text.Json.Nodes;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>A saved model: which component, made with which options, its weights, and files such as a vocabulary.</summary>
/// <remarks>
/// The form in which every MLPipelines model is saved, inside an ML.NET model file (<see cref="LoadablePackage"/>) and as a file of its own,
/// a zip with <c>manifest.json</c>, <c>weights.safetensors</c> and <c>files/…</c>. The second way uses nothing but public types. Reading
/// treats the content as hostile; see <see cref="Safetensors"/>.
/// </remarks>
public sealed class ModelPackage
{
    internal const string ManifestName = "manifest.json";
    internal const string WeightsName = "weights.safetensors";
    internal const string FilesPrefix = "files/";

    /// <summary>Bytes that all files together may have, and that the weights may have more than in the zip.</summary>
    internal const int MaximumUnpackedLength = 256 << 20;

    internal ModelPackage(PackageManifest manifest, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, byte[]> files)
        => (Manifest, Tensors, Files) = (manifest, tensors, files);

    /// <summary>Makes a package.</summary>
    /// <param name="component">The component class that loads it: it carries the id and implements <see cref="IPackageLoader"/>.</param>
    /// <param name="options">Everything about the component that is not weights; usually <see cref="OptionsJson.Write"/> of its options.</param>
    /// <param name="tensors">The weights by name.</param>
    /// <param name="files">Further files by name, for example <c>vocab.txt</c>; names without folders, each of at most 256 MiB.</param>
    /// <exception cref="ArgumentException">The class is not a component that can load packages, or a file name is not allowed.</exception>
    public ModelPackage(
        Type component, JsonObject options, IReadOnlyDictionary<string, TensorData>? tensors = null, IReadOnlyDictionary<string, byte[]>? files = null)
        : this(PackageManifest.Of(component, options, files?.Keys ?? []), tensors ?? new Dictionary<string, TensorData>(), files ?? new Dictionary<string, byte[]>())
    {
    }

    internal PackageManifest Manifest { get; }

    /// <summary>The id of the component, <c>kind.name.vN</c>.</summary>
    public string ComponentId => Manifest.Component;

    /// <summary>The simple name of the assembly that contains the component.</summary>
    public string AssemblyName => Manifest.Assembly;

    /// <summary>The version of that assembly when the package was made.</summary>
    public string LibraryVersion => Manifest.LibraryVersion;

    /// <summary>Everything about the component that is not weights.</summary>
    public JsonObject Options => Manifest.Options;

    /// <summary>The weights by name.</summary>
    public IReadOnlyDictionary<string, TensorData> Tensors { get; }

    /// <summary>Further files by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>A file that has to be there.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidDataException">The package has no such file.</exception>
    public byte[] File(string name)
        => Files.TryGetValue(name, out var file)
            ? file
            : throw Errors.Package($"the package of '{ComponentId}' has no file '{name}'", "the model", got: string.Join(", ", Files.Keys));

    /// <summary>Writes the package as a zip.</summary>
    /// <param name="stream">The stream; not disposed.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, write) in Entries())
        {
            // Weights do not compress; stored, they can be read at the speed of the disk.
            var entry = zip.CreateEntry(name, name == WeightsName ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var content = entry.Open();
            write(content);
        }
    }

    /// <summary>Writes the package as a file, all of it or nothing: an existing file is replaced only when everything has been written.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = System.IO.File.Create(partial)) Save(stream);
            System.IO.File.Move(partial, path, overwrite: true);
        }
        catch
        {
            System.IO.File.Delete(partial);
            throw;
        }
    }

    /// <summary>Reads a package.</summary>
    /// <param name="stream">A stream that can seek; not disposed.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="InvalidDataException">The content is not a valid package; the message says what is wrong.</exception>
    public static ModelPackage Load(Stream stream, string source = "the model package")
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(
                (name, read) =>
                {
                    if (zip.GetEntry(name) is not { } entry) return false;
                    // Weights are stored as they are, or were packed again by others and hardly compress.
                    if (entry.Length - entry.CompressedLength > MaximumUnpackedLength)
                        throw Errors.Package($"the part '{name}' unpacks to too much", source, $"at most {MaximumUnpackedLength} bytes more than it has in the zip", $"{entry.Length} of {entry.CompressedLength}");
                    using var content = entry.Open();
                    read(content);
                    return true;
                },
                source);
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith("MLP", StringComparison.Ordinal))
        {
            throw Errors.Package("the file is not a readable zip", source, got: exception.Message.TrimEnd('.'), inner: exception);
        }
    }

    /// <summary>Reads a package from a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The content is not a valid package; the message says what is wrong.</exception>
    public static ModelPackage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = System.IO.File.OpenRead(path);
        return Load(stream, path);
    }

    /// <summary>The parts of a package, wherever it is written to.</summary>
    internal IEnumerable<(string Name, Action<Stream> Write)> Entries()
    {
        yield return (ManifestName, stream => stream.Write(Manifest.ToJson()));
        yield return (WeightsName, stream => Safetensors.Write(stream, Tensors));
        foreach (var (name, content) in Files) yield return (FilesPrefix + name, stream => stream.Write(content));
    }

    /// <summary>
    /// Reads the parts of a package, wherever they come from. The function calls its second argument with the part's content, or returns false.
    /// </summary>
    internal static ModelPackage Read(Func<string, Action<Stream>, bool> part, string source)
    {
        var manifest = Required(ManifestName, PackageManifest.Read);
        var tensors = Required(WeightsName, (stream, _) => Safetensors.Read(stream, $"{source}, {WeightsName}"));
        long length = 0;
        var files = manifest.Files.ToDictionary(
            file => file, file => Required(FilesPrefix + file, (stream, _) => ReadFile(stream, FilesPrefix + file, source, ref length)), StringComparer.Ordinal);
        return new(manifest, tensors, files);

        T Required<T>(string name, Func<Stream, string, T> read)
        {
            T? value = default;
            return part(name, stream => value = read(stream, source)) ? value! : throw Errors.Package($"the part '{name}' is missing", source);
        }
    }

    // A compressed part can claim to be small and unpack to anything; what has been read decides.
    static byte[] ReadFile(Stream stream, string name, string source, ref long length)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0; copy.Write(buffer, 0, read))
            if ((length += read) > MaximumUnpackedLength) throw Errors.Package($"the part '{name}' is too long", source, $"at most {MaximumUnpackedLength} bytes in all files together");
        return copy.ToArray();
    }
}
