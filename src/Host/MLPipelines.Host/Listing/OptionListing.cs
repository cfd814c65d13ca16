using System.Text.Json.Nodes;

namespace MLPipelines.Host.Listing;

/// <summary>One option of a component.</summary>
/// <param name="Name">Its name in JSON, with the names of the records around it.</param>
/// <param name="Expected">What a value looks like, with its range.</param>
/// <param name="Default">The default; null when there is none to write.</param>
/// <param name="Description">What it does.</param>
internal sealed record OptionListing(string Name, string Expected, string? Default, string Description)
{
    internal JsonObject Describe() => new() { ["name"] = Name, ["expected"] = Expected, ["default"] = Default, ["description"] = Description };
}
