using System.Globalization;
using System.Security;
using System.Text;

namespace MLPipelines.Whitening;

/// <summary>Draws tables of numbers as coloured cells, in SVG.</summary>
static class HeatMap
{
    const int Cell = 64;
    const int Height = 32;
    const int Margin = 56;
    const int Gap = 40;

    // Dark blue over green to yellow: lightness grows with the value, so the order survives in grey and for colour-blind eyes.
    static readonly (int Red, int Green, int Blue)[] s_colours = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)];

    /// <summary>One table.</summary>
    /// <param name="Title">What is above it.</param>
    /// <param name="Rows">β of each row.</param>
    /// <param name="Columns">γ of each column.</param>
    /// <param name="Values">The cells, row by row.</param>
    /// <param name="Marked">The index of the cell with a frame; negative for none.</param>
    public sealed record Panel(string Title, IReadOnlyList<double> Rows, IReadOnlyList<double> Columns, IReadOnlyList<double> Values, int Marked);

    public static string Draw(string title, IReadOnlyList<Panel> panels)
    {
        var finite = panels.SelectMany(panel => panel.Values).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (low, high) = (finite.Min(), finite.Max());
        var width = 2 * Margin + Math.Max(6, panels.Max(panel => panel.Columns.Count)) * Cell;
        var height = Margin + panels.Sum(panel => 2 * Height + panel.Rows.Count * Height + Gap);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        Label(svg, width / 2, 28, title, size: 14);
        var top = Margin;
        foreach (var panel in panels)
        {
            DrawPanel(svg, panel, top, low, high);
            top += 2 * Height + panel.Rows.Count * Height + Gap;
        }

        return svg.Append("</svg>\n").ToString();
    }

    static void DrawPanel(StringBuilder svg, Panel panel, int top, double low, double high)
    {
        Label(svg, Margin + panel.Columns.Count * Cell / 2, top + 16, panel.Title, size: 13);
        Label(svg, Margin / 2, top + Height + 20, "β \\ γ");
        for (var column = 0; column < panel.Columns.Count; column++) Label(svg, Margin + column * Cell + Cell / 2, top + Height + 20, Number(panel.Columns[column], "0.###"));
        for (var row = 0; row < panel.Rows.Count; row++)
        {
            var y = top + 2 * Height + row * Height;
            Label(svg, Margin / 2, y + 20, Number(panel.Rows[row], "0.###"));
            for (var column = 0; column < panel.Columns.Count; column++)
            {
                var at = row * panel.Columns.Count + column;
                DrawCell(svg, Margin + column * Cell, y, panel.Values[at], (panel.Values[at] - low) / Math.Max(high - low, double.Epsilon), at == panel.Marked);
            }
        }
    }

    static void DrawCell(StringBuilder svg, int x, int y, double value, double position, bool marked)
    {
        var (fill, light) = Colour(position);
        var frame = marked ? " stroke=\"red\" stroke-width=\"3\"" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + 2}\" y=\"{y + 2}\" width=\"{Cell - 4}\" height=\"{Height - 4}\" fill=\"{fill}\"{frame}/>\n");
        Label(svg, x + Cell / 2, y + 20, Number(value, "0.0000"), light ? "black" : "white");
    }

    static (string Fill, bool IsLight) Colour(double position)
    {
        if (!double.IsFinite(position)) return ("#cccccc", true);
        var place = Math.Clamp(position, 0, 1) * (s_colours.Length - 1);
        var index = Math.Min((int)place, s_colours.Length - 2);
        var (from, to, part) = (s_colours[index], s_colours[index + 1], place - index);
        var fill = string.Create(CultureInfo.InvariantCulture, $"rgb({Mix(from.Red, to.Red)},{Mix(from.Green, to.Green)},{Mix(from.Blue, to.Blue)})");
        return (fill, position > 0.6);

        int Mix(int a, int b) => (int)Math.Round(a + (b - a) * part);
    }

    static void Label(StringBuilder svg, int x, int y, string text, string fill = "black", int size = 12) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" fill=\"{fill}\" font-size=\"{size}\">{SecurityElement.Escape(text)}</text>\n");

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
