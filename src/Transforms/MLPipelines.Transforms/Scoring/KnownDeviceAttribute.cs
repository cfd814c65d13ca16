using System.ComponentModel.DataAnnotations;

namespace MLPipelines.Scoring;

/// <summary>The name of a device that <see cref="ComputeDevice.Parse"/> knows, whatever devices this machine has.</summary>
[AttributeUsage(AttributeTargets.Property)]
sealed class KnownDeviceAttribute() : ValidationAttribute("The field {0} must be auto, cpu, cuda or cuda:N.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => ComputeDevice.IsKnown(value as string);
}
