namespace TorchSharp.Utils;

/// <summary>The name of a module's component in its state dictionary, where it differs from the field's.</summary>
#pragma warning disable CA1018 // no AttributeUsage, as in TorchSharp
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}
