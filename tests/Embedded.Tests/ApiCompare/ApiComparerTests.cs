using ApiCompare;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Mono.Cecil;
using Xunit;

namespace Embedded.Tests.ApiCompare;

public class ApiComparerTests
{
    [Theory]
    [InlineData("public class C { }", "", "the real assembly has no such type")]
    [InlineData("public class C { public C() { } }", "public class C { internal C() { } }", "no such member")]
    [InlineData("public class C { }", "internal class C { }", "no such type")]
    [InlineData("public class C { }", "public struct C { }", "kind is 'class', really 'struct'")]
    [InlineData("public class C { }", "public sealed class C { }", "public class', really 'public sealed class'")]
    [InlineData("public struct C { }", "public readonly struct C { }", "really 'public readonly struct'")]
    [InlineData("public struct C { }", "public ref struct C { }", "really 'public ref struct'")]
    [InlineData("public static class C { }", "public abstract class C { protected C() { } }", "public static class', really 'public abstract class'")]
    [InlineData("public class B { } public class C : B { }", "public class B { } public class C { }", "base type B, really object")]
    [InlineData("public class C : System.IDisposable { public void Dispose() { } }", "public class C { public void Dispose() { } }", "does not really implement System.IDisposable")]
    [InlineData("public class C<T> where T : class { }", "public class C<T> where T : struct { }", "type parameters is 'T : class', really 'T : struct'")]
    [InlineData("public interface C<out T> { }", "public interface C<T> { }", "really 'T'")]
    [InlineData("public class C { public void M<T>() { } }", "public class C { public void M<T>() where T : new() { } }", "really 'T : new()'")]
    [InlineData("public class C { public void M(int a) { } }", "public class C { public void M(int b) { } }", "really 'int b'")]
    [InlineData("public class C { public void M(int a) { } }", "public class C { public void M(long a) { } }", "no such member")]
    [InlineData("public class C { public void M(int a = 1) { } }", "public class C { public void M(int a = 2) { } }", "'int a = 1', really 'int a = 2'")]
    [InlineData("public class C { public void M(int a = 1) { } }", "public class C { public void M(int a) { } }", "'int a = 1', really 'int a'")]
    [InlineData("public class C { public void M(params int[] a) { } }", "public class C { public void M(int[] a) { } }", "params int[] a', really 'int[] a'")]
    [InlineData("public class C { public void M(out int a) => a = 0; }", "public class C { public void M(ref int a) { } }", "'out int& a', really 'int& a'")]
    [InlineData("public class C { public int M() => 0; }", "public class C { public long M() => 0; }", "return type is 'int', really 'long'")]
    [InlineData("public class C { public (int A, int B) M() => default; }", "public class C { public (int X, int B) M() => default; }", "attributes of the result")]
    [InlineData("public class C { public static void M() { } }", "public class C { public void M() { } }", "static is 'true', really 'false'")]
    [InlineData("public class C { public void M() { } }", "public class C { protected void M() { } }", "accessibility is 'public', really 'protected'")]
    [InlineData("public class C { protected void M() { } }", "public class C { private protected void M() { } }", "no such member")]
    [InlineData("public abstract class C { public abstract void M(); }", "public abstract class C { public virtual void M() { } }", "abstract is 'true', really 'false'")]
    [InlineData("public class C { public virtual void M() { } }", "public class C { public void M() { } }", "cannot really be overridden")]
    [InlineData("public static class C { public static void M(this int a) { } }", "public static class C { public static void M(int a) { } }", "M(int a): attributes is '[ExtensionAttribute()]', really ''")]
    [InlineData("public class C { public void M() { } }", "public class C { [System.Obsolete(\"no\")] public void M() { } }", "ObsoleteAttribute(\"no\")")]
    [InlineData("public class C { public const int F = 1; }", "public class C { public const int F = 2; }", "F = 1', really 'public const int F = 2'")]
    [InlineData("public class C { public int F; }", "public class C { public readonly int F; }", "really 'public readonly int F'")]
    [InlineData("public class C { public static int F; }", "public class C { public int F { get; set; } }", "no such member")]
    [InlineData("public enum C { A, B }", "public enum C { A, B = 2 }", "B = 1', really 'public const C B = 2'")]
    [InlineData("public enum C : byte { A }", "public enum C { A }", "underlying type is 'byte', really 'int'")]
    [InlineData("[System.Flags] public enum C { A }", "public enum C { A }", "FlagsAttribute")]
    [InlineData("public class C { public int P { get; set; } }", "public class C { public int P { get; } }", "set is 'public set', really 'no'")]
    [InlineData("public class C { public int P { get; set; } }", "public class C { public int P { get; init; } }", "set is 'public set', really 'public init'")]
    [InlineData("public class C { public int P { get; set; } }", "public class C { public int P { get; protected set; } }", "really 'protected set'")]
    [InlineData("public interface C { int P { get; } }", "public interface C { int P { get; set; } }", "set is 'no', really 'public set'")]
    [InlineData("public class C { public int P => 0; }", "public class C { public long P => 0; }", "type is 'int', really 'long'")]
    [InlineData("public class C { public int this[int a] => 0; }", "public class C { public int this[int b] => 0; }", "really 'int b'")]
    [InlineData("public class C { public event System.Action E { add { } remove { } } }", "public class C { public event System.EventHandler E { add { } remove { } } }", "really 'public event System.EventHandler E'")]
    [InlineData("public delegate void C(int a);", "public delegate void C(long a);", "void Invoke(int a): the real type has no such member")]
    [InlineData("public class C { public static explicit operator int(C c) => 0; }", "public class C { public static explicit operator long(C c) => 0; }", "no such member")]
    [InlineData("public class C { public class N { } }", "public class C { internal class N { } }", "C/N: the real assembly has no such type")]
    [InlineData("public interface C { }", "public interface C { void M(); }", "lacks the abstract member public void M()")]
    [InlineData("public abstract class C { }", "public abstract class C { public abstract int P { get; } }", "lacks the abstract member abstract int P")]
    public void A_difference_is_found(string embedded, string real, string expected)
    {
        string difference = Assert.Single(Differences(embedded, real), line => line.Contains(expected, StringComparison.Ordinal));

        Assert.StartsWith("Compared: ", difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "public class C { }")]
    [InlineData("public class C { }", "public class C : System.IDisposable { public void Dispose() { } public int P { get; set; } }")]
    [InlineData("public class C { internal void M() { } private int f; internal interface I { } }", "public class C { }")]
    [InlineData("public class C { public override string ToString() => \"\"; }", "public class C { }")]
    [InlineData("public class C { public int P { get; } }", "public class C { public int P { get; set; } }")]
    [InlineData("public class C { public void M() { } }", "public class C { public virtual void M() { } }")]
    [InlineData("public class B { } public class C : B { public void M() { } }", "public class B { public void M() { } } public class C : B { }")]
    [InlineData("public class C { public void M<T>(T a) { } }", "public class C { public void M<T>(T a) { } public void M<T>(T[] a) { } }")]
    [InlineData("internal interface I { } public class C : I { }", "public class C { }")]
    [InlineData("public class B { } public class C : B { }", "public class B { } public class M : B { } public class C : M { }")]
    [InlineData("public sealed class C { protected internal void M() { } }", "public sealed class C { }")]
    [InlineData("public interface C { void M(); }", "public interface P { void M(); } public interface C : P { }")]
    [InlineData("public abstract class C { internal C() { } }", "public abstract class C { internal C() { } public abstract void M(); }")]
    [InlineData("public class C { protected internal void M() { } }", "public class C { protected void M() { } }")]
    public void A_strict_subset_has_no_difference(string embedded, string real) => Assert.Empty(Differences(embedded, real));

    [Fact]
    public void The_listing_names_every_visible_member_and_nothing_else()
    {
        AssemblyDefinition assembly = Compile(
            """
            public abstract class C<T> : System.IDisposable where T : class
            {
                protected C(int a = 3) { }
                public void Dispose() { }
                public int P { get; protected set; }
                public const string F = "f";
                private void Hidden() { }
            }
            internal class D { }
            """);

        Assert.Equal(
            """
            public abstract class C`1 : System.IDisposable <T : class>
                protected void .ctor(int a = 3)
                public void Dispose()
                public const string F = "f"
                int P { public get; protected set; }

            """.ReplaceLineEndings("\n"),
            ApiListing.Of(assembly, [assembly]));
    }

    private static List<string> Differences(string embedded, string real)
    {
        AssemblyDefinition[] sides = [Compile(embedded), Compile(real)];
        return [.. new ApiComparer([sides[0]], [sides[1]]).Compare(sides[0], sides[1])];
    }

    private static AssemblyDefinition Compile(string source)
    {
        string frameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<PortableExecutableReference> references = new[] { "System.Private.CoreLib.dll", "System.Runtime.dll" }
            .Select(name => MetadataReference.CreateFromFile(Path.Combine(frameworkFolder, name)));
        var compilation = CSharpCompilation.Create(
            "Compared", [CSharpSyntaxTree.ParseText(source)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return AssemblyDefinition.ReadAssembly(image);
    }
}
