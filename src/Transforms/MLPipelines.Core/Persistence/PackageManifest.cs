using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MLPipelines.Components;

namespace MLPipelines.Persistence;

/// <summary>The content of <c>manifest.json</c>.</summary>
sealed partial record PackageManifest
{
    const int CurrentFormat = 1;
    const int MaximumLength = 1 << 20;

    static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 32,
        WriteIndented = true,
    };

    [JsonRequired]
    public int Format { get; init; } = CurrentFormat;

    public required string Component { get; init; }

    public required string Assembly { get; init; }

    public required string LibraryVersion { get; init; }

    public required JsonObject Options { get; init; }

    public required IReadOnlyList<string> Files { get; init; }

    public static PackageManifest Of(Type component, JsonObject options, IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(component);
        ArgumentNullException.ThrowIfNull(options);
        var info = ComponentInfo.Of(component);
        if (!component.IsAssignableTo(typeof(IPackageLoader))) throw Errors.NotAPackageLoader(info);
        var manifest = new PackageManifest
        {
            Component = info.Id,
            Assembly = component.Assembly.GetName().Name!,
            LibraryVersion = component.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0",
            Options = options,
            Files = [.. files],
        };
        return manifest.Files.FirstOrDefault(file => !IsAllowed(file)) is { } bad ? throw Errors.PackageFileName(bad) : manifest;
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    public static PackageManifest Read(Stream stream, string source)
    {
        var bytes = new byte[MaximumLength + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaximumLength) throw Errors.Package("the manifest is too long", source, $"at most {MaximumLength} bytes");
        try
        {
            var manifest = JsonSerializer.Deserialize<PackageManifest>(bytes.AsSpan(0, length), s_json)
                ?? throw Errors.Package("the manifest is empty", source);
            manifest.Check(source);
            return manifest;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Errors.Package("the manifest is not valid", source, got: exception.Message.TrimEnd('.'), inner: exception);
        }
    }

    void Check(string source)
    {
        if (Format != CurrentFormat)
            throw Errors.Package("the package has another format", source, $"{CurrentFormat}", $"{Format}; a later version of the library made it");
        if (!SimpleName().IsMatch(Assembly)) throw Errors.Package("the assembly name is not a simple name", source, got: $"'{Assembly}'");
        foreach (var file in Files)
            if (!IsAllowed(file)) throw Errors.Package("a file name is not allowed", source, "letters, digits, '.', '_' and '-'", $"'{file}'");
        if (Files.Distinct(StringComparer.Ordinal).Count() != Files.Count) throw Errors.Package("a file is listed twice", source);
    }

    // JSON can hold a null in a list of strings.
    static bool IsAllowed(string? file) => file is not null && FileName().IsMatch(file);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SimpleName();

    [GeneratedRegex(@"^(?!.*\.\.)[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
