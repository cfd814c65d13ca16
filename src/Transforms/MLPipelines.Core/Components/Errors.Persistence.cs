namespace MLPipelines.Components;

public static partial class Errors
{
    /// <summary>MLP030: a tensor file is damaged or was made to do harm.</summary>
    /// <param name="what">What is wrong, one sentence without a full stop.</param>
    /// <param name="source">The file's name.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="got">What is there.</param>
    /// <param name="inner">The exception that this one explains.</param>
    public static InvalidDataException Tensors(string what, string source, string? expected = null, string? got = null, Exception? inner = null)
        => new(Text("MLP030", what, source, expected, got, "The file is damaged or not a safetensors file; get it again"), inner);

    /// <summary>MLP031: a tensor holds a value that is not a number, or infinite.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="source">The file's name.</param>
    public static InvalidDataException NonFinite(string tensor, string source)
        => new(Text("MLP031", $"the tensor '{tensor}' holds a value that is not finite", source,
            advice: "If training diverged, lower the learning rate or clip gradients"));

    /// <summary>MLP032: a tensor that is to be written contradicts itself.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="what">What is wrong, one sentence without a full stop.</param>
    public static ArgumentException TensorNotWritable(string tensor, string what) => new(Text("MLP032", $"the tensor '{tensor}' cannot be written: {what}"));

    /// <summary>MLP033: a model package is damaged, or something else was given instead of one.</summary>
    /// <param name="what">What is wrong, one sentence without a full stop.</param>
    /// <param name="source">The file's name.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="got">What is there.</param>
    /// <param name="inner">The exception that this one explains.</param>
    public static InvalidDataException Package(string what, string source, string? expected = null, string? got = null, Exception? inner = null)
        => new(Text("MLP033", what, source, expected, got, "The file is damaged or not a model of this library"), inner);

    /// <summary>MLP034: a model needs an assembly that the application does not have.</summary>
    /// <param name="componentId">The component in the model.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="inner">What the runtime said.</param>
    public static InvalidOperationException PackageAssemblyMissing(string componentId, string assembly, Exception inner)
        => new(Text("MLP034", $"the model's component '{componentId}' needs the assembly '{assembly}', which this application does not have",
            advice: $"Reference the package that contains '{assembly}'"), inner);

    /// <summary>MLP035: a model's assembly does not contain the model's component.</summary>
    /// <param name="componentId">The component in the model.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="present">The ids of the loadable components in it.</param>
    public static InvalidOperationException PackageComponentMissing(string componentId, string assembly, IEnumerable<string> present)
        => new(Text("MLP035", $"the assembly '{assembly}' has no loadable component '{componentId}'", expected: $"one of {List(present)}",
            advice: "Update the package that contains it to the version that made the model, or later"));

    /// <summary>MLP036: a tensor in a package is not the one that the component needs.</summary>
    /// <param name="componentId">The component.</param>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="expected">The type and shape that the component needs; null when it knows no such tensor.</param>
    /// <param name="got">The type and shape in the package; null when it has no such tensor.</param>
    public static InvalidDataException PackageTensor(string componentId, string tensor, string? expected, string? got)
        => new(Text("MLP036", $"the weights do not fit '{componentId}'", $"tensor '{tensor}'", expected ?? "no such tensor", got ?? "no such tensor",
            "The model was made with other options or another version"));

    /// <summary>MLP037: a package is to be made for a component that cannot load it.</summary>
    /// <param name="component">The component.</param>
    public static ArgumentException NotAPackageLoader(ComponentInfo component)
    {
        ArgumentNullException.ThrowIfNull(component);
        return new(Text("MLP037", $"'{component.Id}' cannot load packages", Name(component.Type), advice: "Implement IPackageLoader on the component class"));
    }

    /// <summary>MLP038: a file in a package has a name that is not allowed.</summary>
    /// <param name="name">The name.</param>
    public static ArgumentException PackageFileName(string name)
        => new(Text("MLP038", $"'{name}' is not allowed as the name of a file in a package", expected: "letters, digits, '.', '_' and '-', no folders"));

    /// <summary>MLP039: a file of PyTorch is damaged, or holds something else than tensors.</summary>
    /// <param name="what">What is wrong, one sentence without a full stop.</param>
    /// <param name="source">The file's name.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="got">What is there.</param>
    /// <param name="inner">The exception that this one explains.</param>
    public static InvalidDataException TorchFile(string what, string source, string? expected = null, string? got = null, Exception? inner = null)
        => new(Text("MLP039", what, source, expected, got, "The file is damaged, or not a dictionary of tensors; nothing in it has been executed"), inner);

    /// <summary>MLP040: a file of PyTorch has the format that was used before version 1.6.</summary>
    /// <param name="source">The file's name.</param>
    public static InvalidDataException TorchFileIsOld(string source)
        => new(Text("MLP040", "the file has the format of PyTorch before version 1.6", source, "a zip that torch.save writes, or a safetensors file",
            advice: "Write it again with a newer PyTorch: torch.save(torch.load('old.bin', map_location='cpu', weights_only=True), 'pytorch_model.bin')"));
}
