namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public interface IModule<T, TResult>
        {
            public TResult call(T input1);
        }

        public interface IModule<T1, T2, TResult>
        {
            public abstract TResult call(T1 input1, T2 input2);
        }

        public interface IModule<T1, T2, T3, TResult>
        {
            public abstract TResult call(T1 input1, T2 input2, T3 input3);
        }

        public interface IModule<T1, T2, T3, T4, TResult>
        {
            public abstract TResult call(T1 input1, T2 input2, T3 input3, T4 input4);
        }

        /// <summary>A module whose calls can be watched and changed.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly Dictionary<string, Action<Module>> module_pre_hooks = [];
            private readonly Dictionary<string, Action<Module>> module_post_hooks = [];
            private readonly Dictionary<string, TPreHook> pre = [];
            private readonly Dictionary<string, TPostHook> post = [];

            protected HookableModule(string name) : base(name)
            {
            }

            internal IEnumerable<TPreHook> PreHooks => pre.Values;

            internal IEnumerable<TPostHook> PostHooks => post.Values;

            public HookRemover register_forward_hook(TPostHook hook) => Register(post, hook);

            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(module_post_hooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(module_pre_hooks, hook);

            internal void BeforeCall()
            {
                foreach (var hook in module_pre_hooks.Values) hook(this);
            }

            internal void AfterCall()
            {
                foreach (var hook in module_post_hooks.Values) hook(this);
            }

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                var key = Guid.NewGuid().ToString();
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                pre.Remove(key);
                post.Remove(key);
                module_pre_hooks.Remove(key);
                module_post_hooks.Remove(key);
            }

            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove() => module.Remove(key);
            }
        }

        public abstract class Module<T, TResult>
            : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>,
                IModule<T, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input)
            {
                BeforeCall();
                foreach (var hook in PreHooks)
                {
                    if (hook(this, input) is { } modified) input = modified;
                }
                var result = forward(input);
                foreach (var hook in PostHooks)
                {
                    if (hook(this, input, result) is { } modified) result = modified;
                }
                AfterCall();
                return result;
            }
        }

        public abstract class Module<T1, T2, TResult>
            : HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>,
                IModule<T1, T2, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                BeforeCall();
                foreach (var hook in PreHooks)
                {
                    if (hook(this, input1, input2) is { } modified) (input1, input2) = modified;
                }
                var result = forward(input1, input2);
                foreach (var hook in PostHooks)
                {
                    if (hook(this, input1, input2, result) is { } modified) result = modified;
                }
                AfterCall();
                return result;
            }
        }

        public abstract class Module<T1, T2, T3, TResult>
            : HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult,
                TResult>>,
                IModule<T1, T2, T3, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                BeforeCall();
                foreach (var hook in PreHooks)
                {
                    if (hook(this, input1, input2, input3) is { } modified) (input1, input2, input3) = modified;
                }
                var result = forward(input1, input2, input3);
                foreach (var hook in PostHooks)
                {
                    if (hook(this, input1, input2, input3, result) is { } modified) result = modified;
                }
                AfterCall();
                return result;
            }
        }

        public abstract class Module<T1, T2, T3, T4, TResult>
            : HookableModule<Func<Module<T1, T2, T3, T4, TResult>, T1, T2, T3, T4, (T1, T2, T3, T4)?>, Func<Module<T1, T2, T3, T4, TResult>, T1, T2,
                T3, T4, TResult, TResult>>,
                IModule<T1, T2, T3, T4, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4);

            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4)
            {
                BeforeCall();
                foreach (var hook in PreHooks)
                {
                    if (hook(this, input1, input2, input3, input4) is { } modified) (input1, input2, input3, input4) = modified;
                }
                var result = forward(input1, input2, input3, input4);
                foreach (var hook in PostHooks)
                {
                    if (hook(this, input1, input2, input3, input4, result) is { } modified) result = modified;
                }
                AfterCall();
                return result;
            }
        }
    }
}
