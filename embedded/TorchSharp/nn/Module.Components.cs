using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => submodules.Items.Select(item => (item.Name, item.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(item => item.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (name, child) in named_children())
                {
                    foreach (var (inner, module) in child.named_modules()) yield return ($"{name}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(item => item.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, parameter) in registeredParameters.Items)
                {
                    if (IsNew(seen, parameter)) yield return (name, parameter);
                }
                if (!recurse) yield break;
                foreach (var (module, child) in submodules.Items)
                {
                    foreach (var (name, parameter) in child.named_parameters())
                    {
                        if (IsNew(seen, parameter)) yield return ($"{module}.{name}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(item => item.parameter);

            /// <summary>As in TorchSharp, buffers that are not persistent are not among them, whatever the last argument says.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, buffer) in registeredBuffers.Items)
                {
                    if (buffer.Persistent && IsNew(seen, buffer.Tensor)) yield return (name, buffer.Tensor);
                }
                if (!recurse) yield break;
                foreach (var (module, child) in submodules.Items)
                {
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        if (IsNew(seen, buffer)) yield return ($"{module}.{name}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(item => item.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>The parameter under a dotted name; null if there is none.</summary>
            public virtual Parameter get_parameter(string target) =>
                registeredParameters.TryGet(target, out var found) ? found : Inside(target, (module, rest) => module.get_parameter(rest))!;

            /// <summary>The buffer under a dotted name; null if there is none.</summary>
            public virtual Tensor get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return registeredBuffers.TryGet(target, out var found) ? found.Tensor : Inside(target, (module, rest) => module.get_buffer(rest))!;
            }

            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var path = string.IsNullOrEmpty(prefix) ? "" : $"{prefix}.";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(path + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(path + name, buffer);
                // Once more below each module: a tensor that several share appears under each of its names.
                foreach (var (name, module) in submodules.Items) module.state_dict(destination, path + name);
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                bool Counts(string key) => skip is null || !skip.Contains(key);
                List<string> unexpected = [.. source.Keys.Where(key => Counts(key) && !destination.ContainsKey(key))];
                List<string> missing = [.. destination.Keys.Where(key => Counts(key) && !source.ContainsKey(key))];
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using (no_grad())
                {
                    foreach (var (key, value) in source)
                    {
                        if (Counts(key) && destination.TryGetValue(key, out var target)) target.copy_(value);
                    }
                }
                return (missing, unexpected);
            }

            private T? Inside<T>(string target, Func<Module, string, T> find) where T : class
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;
                return named_children()
                    .Where(child => child.name == target[..dot])
                    .Select(child => find(child.module, target[(dot + 1)..]))
                    .FirstOrDefault(found => found is not null);
            }

            private static bool IsNew(HashSet<nint> seen, Tensor tensor) => !tensor.IsInvalid && seen.Add(tensor.SafeHandle.Address);
        }
    }
}
