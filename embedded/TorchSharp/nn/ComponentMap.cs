using System.Diagnostics.CodeAnalysis;

namespace TorchSharp;

/// <summary>The components of one kind of a module, by name, in the order of their registration.</summary>
internal sealed class ComponentMap<T>
{
    private readonly List<(string Name, T Value)> items = [];

    internal IReadOnlyList<(string Name, T Value)> Items => items;

    internal bool Contains(string name) => IndexOf(name) >= 0;

    internal bool TryAdd(string name, T value)
    {
        if (Contains(name)) return false;
        items.Add((name, value));
        return true;
    }

    internal void Set(string name, T value)
    {
        if (IndexOf(name) is var index and >= 0) items[index] = (name, value);
        else items.Add((name, value));
    }

    internal void Remove(string name) => items.RemoveAll(item => item.Name == name);

    internal void Clear() => items.Clear();

    internal bool TryGet(string name, [MaybeNullWhen(false)] out T value)
    {
        var index = IndexOf(name);
        value = index >= 0 ? items[index].Value : default;
        return index >= 0;
    }

    private int IndexOf(string name) => items.FindIndex(item => item.Name == name);
}
