using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Modules under names, in the order in which they were added.</summary>
    public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
    {
        private readonly List<(string Name, T Module)> items = [];
        private bool registered;

        public ModuleDict() : base(nameof(ModuleDict<T>))
        {
        }

        public int Count => items.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => [.. items.Select(item => item.Name)];

        public ICollection<T> Values => [.. items.Select(item => item.Module)];

        public (string, T) this[int index]
        {
            get => items[index];
            set => items[index] = value;
        }

        public T this[string key]
        {
            get => TryGetValue(key, out var found) ? found : throw new KeyNotFoundException($"The given key '{key}' was not present in the dictionary.");
            set => items[Find(key)] = (key, value);
        }

        public IEnumerable<string> keys() => Keys;

        public IEnumerable<T> values() => Values;

        public void clear() => items.Clear();

        public void Clear() => items.Clear();

        public void Add((string, T) item)
        {
            if (ContainsKey(item.Item1)) throw new ArgumentException($"An item with the same key has already been added. Key: {item.Item1}");
            items.Add(item);
        }

        public void Add(string key, T value) => Add((key, value));

        public void Add(KeyValuePair<string, T> item) => Add((item.Key, item.Value));

        public bool Contains((string, T) item) => items.Contains(item);

        public bool Contains(KeyValuePair<string, T> item) => ContainsKey(item.Key);

        public bool ContainsKey(string key) => Find(key) >= 0;

        public void CopyTo((string, T)[] array, int arrayIndex) => items.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
        {
            foreach (var (name, module) in items) array[arrayIndex++] = new(name, module);
        }

        public int IndexOf((string, T) item) => items.IndexOf(item);

        public void Insert(int index, (string, T) item) => items.Insert(index, item);

        public bool Remove((string, T) item) => items.Remove(item);

        public bool Remove(string key) => items.RemoveAll(item => item.Name == key) > 0;

        public bool Remove(KeyValuePair<string, T> item) => Remove(item.Key);

        public void RemoveAt(int index) => items.RemoveAt(index);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
        {
            var index = Find(key);
            value = index >= 0 ? items[index].Module : null;
            return index >= 0;
        }

        public IEnumerator<(string, T)> GetEnumerator() => items.GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
            items.Select(item => new KeyValuePair<string, T>(item.Name, item.Module)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents()
        {
            if (registered) return;
            foreach (var (name, module) in items) register_module(name, module);
            registered = true;
        }

        private int Find(string key) => items.FindIndex(item => item.Name == key);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new Modules.ModuleDict<T>();
                foreach (var module in modules) dictionary.Add(module);
                return dictionary;
            }
        }
    }
}
