namespace Microsoft.ML.Internal.Utilities;

/// <summary>A string of a pool, with its number there.</summary>
internal sealed class NormStr
{
    private NormStr(string value, int id)
    {
        Value = value.AsMemory();
        Id = id;
    }

    public ReadOnlyMemory<char> Value { get; }

    public int Id { get; }

    /// <summary>The distinct strings of one part of a model, numbered from 0 in the order they came.</summary>
    internal sealed class Pool : IEnumerable<NormStr>
    {
        private readonly Dictionary<string, NormStr> _numbers = [];
        private readonly List<NormStr> _strings = [];

        public int Count => _strings.Count;

        public NormStr Add(string str)
        {
            if (!_numbers.TryGetValue(str, out var known))
            {
                known = new(str, _strings.Count);
                _numbers.Add(str, known);
                _strings.Add(known);
            }
            return known;
        }

        public NormStr Add(ReadOnlyMemory<char> str) => Add(str.ToString());

        public IEnumerator<NormStr> GetEnumerator() => _strings.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
