using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLPipelines.Host.Settings;

/// <summary>Reads the summaries of an assembly's documentation file, so that help says what the API documentation says.</summary>
internal sealed partial class XmlSummaries
{
    private static readonly ConcurrentDictionary<Assembly, XmlSummaries> s_read = [];

    private readonly Dictionary<string, string> _summaries = [];

    private XmlSummaries(Assembly assembly)
    {
        // A plugin's documentation lies beside the plugin.
        var file = assembly.Location.Length > 0 ? assembly.Location : Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".dll");
        var path = Path.ChangeExtension(file, ".xml");
        if (!File.Exists(path))
        {
            return;
        }

        foreach (var member in XDocument.Load(path).Descendants("member"))
        {
            if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
            {
                _summaries[name] = Text(summary);
            }
        }
    }

    /// <summary>The summary of a property, or an empty string where the documentation file has none.</summary>
    internal static string Of(PropertyInfo property) =>
        s_read.GetOrAdd(property.DeclaringType!.Assembly, assembly => new XmlSummaries(assembly))._summaries.GetValueOrDefault($"P:{property.DeclaringType!.FullName!.Replace('+', '.')}.{property.Name}", "");

    private static string Text(XElement summary)
    {
        foreach (var reference in summary.Descendants().Where(element => element.Name == "see" || element.Name == "paramref").ToList())
        {
            var target = reference.Attribute("cref")?.Value ?? reference.Attribute("langword")?.Value ?? reference.Attribute("name")?.Value ?? "";
            // A method's parameters, whose types have points too, are left out.
            reference.ReplaceWith(reference.IsEmpty ? target.Split('(')[0].Split('.')[^1] : reference.Value);
        }

        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
