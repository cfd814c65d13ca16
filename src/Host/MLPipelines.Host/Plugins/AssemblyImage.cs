using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using MLPipelines.Components;

namespace MLPipelines.Host.Plugins;

/// <summary>What an assembly file says about itself, read without loading it.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">Its simple name.</param>
/// <param name="Version">Its version.</param>
/// <param name="References">The assemblies that it needs, with the versions that it was built with.</param>
/// <param name="ComponentIds">The ids on its classes.</param>
internal sealed record AssemblyImage(string File, string Name, Version Version, IReadOnlyList<AssemblyName> References, IReadOnlyList<string> ComponentIds)
{
    /// <summary>Reads a file; null when it is not a .NET assembly.</summary>
    internal static AssemblyImage? Read(string file)
    {
        try
        {
            using var image = new PEReader(System.IO.File.OpenRead(file));
            if (!image.HasMetadata)
            {
                return null;
            }

            var metadata = image.GetMetadataReader();
            var definition = metadata.GetAssemblyDefinition();
            var references = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(reference => new AssemblyName { Name = metadata.GetString(reference.Name), Version = reference.Version });
            return new AssemblyImage(file, metadata.GetString(definition.Name), definition.Version, [.. references], [.. Ids(metadata)]);
        }
        catch (Exception error) when (error is IOException or BadImageFormatException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Ids(MetadataReader metadata)
    {
        foreach (var attribute in metadata.CustomAttributes.Select(metadata.GetCustomAttribute).Where(attribute => IsComponentAttribute(metadata, attribute)))
        {
            // The fixed part of an attribute's value: a prolog, then the constructor's arguments.
            var value = metadata.GetBlobReader(attribute.Value);
            if (value.ReadUInt16() == 1 && value.ReadSerializedString() is { } id)
            {
                yield return id;
            }
        }
    }

    private static bool IsComponentAttribute(MetadataReader metadata, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
        && metadata.GetTypeReference((TypeReferenceHandle)parent) is var type
        && metadata.StringComparer.Equals(type.Name, nameof(PipelineComponentAttribute))
        && metadata.StringComparer.Equals(type.Namespace, typeof(PipelineComponentAttribute).Namespace!);
}
