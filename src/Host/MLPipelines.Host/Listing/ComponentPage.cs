using System.Text;

namespace MLPipelines.Host.Listing;

/// <summary>The list of components as a page of the documentation.</summary>
internal static class ComponentPage
{
    internal static string Write(IReadOnlyList<ComponentListing> components)
    {
        var page = new StringBuilder("""
            # Components

            Written by `./mlp docs`; a test fails when it is out of date. `mlp components` shows the same for the installation at hand, with plugins and ML.NET's own steps.

            A configuration names a component by its id or a shorter name (`zlpr`, `loss.zlpr`, `zlpr.v1`). Those marked *step* can stand among the `steps` of a configuration; the others are options of such.


            """);
        foreach (var kind in components.GroupBy(component => component.Kind))
        {
            page.Append($"## {kind.Key}\n\n");
            foreach (var component in kind)
            {
                page.Append($"### `{component.Id}`{(component.IsStep ? " *step*" : "")}\n\n{component.Summary}. In `{component.Assembly}`; source: {component.Source}\n\n");
                if (component.Options.Count > 0)
                {
                    page.Append("| option | value | default | |\n|---|---|---|---|\n");
                    foreach (var option in component.Options)
                    {
                        page.Append($"| `{option.Name}` | {Cell(option.Expected)} | {(option.Default is null ? "" : $"`{option.Default}`")} | {Cell(option.Description)} |\n");
                    }

                    page.Append('\n');
                }
            }
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    internal static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
