namespace MLPipelines.Host;

/// <summary>Turns UTF-16 indices, which .NET counts, into code points, which files count.</summary>
internal static class CodePoints
{
    /// <summary>For each UTF-16 index of a text, its end included, how many code points lie before it.</summary>
    internal static int[] Before(string text)
    {
        var before = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            var isSecondHalf = i > 0 && char.IsSurrogatePair(text[i - 1], text[i]);
            before[i + 1] = before[i] + (isSecondHalf ? 0 : 1);
        }

        return before;
    }
}
