using Mono.Cecil;
using Xunit;

namespace MLPipelines.Architecture.Tests;

/// <summary>Who may know whom.</summary>
public sealed class ReferenceTests
{
    [Theory]
    [InlineData(Product.Core, new string[0])]
    [InlineData(Product.Transforms, new[] { Product.Core })]
    [InlineData(Product.Trainers, new[] { Product.Core, Product.Transforms })]
    [InlineData(Product.Host, new[] { Product.Core, Product.Transforms, Product.Trainers })]
    public void References_point_one_way(string assembly, string[] allowed)
        => Assert.Empty(References(assembly).Where(name => name.StartsWith("MLPipelines", StringComparison.Ordinal) || name == Product.Host).Except(allowed));

    [Fact]
    public void Core_knows_ML_NET_and_nothing_else()
        => Assert.Empty(References(Product.Core).Where(name => !name.StartsWith("System", StringComparison.Ordinal)).Except(["Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView"]));

    [Theory]
    [InlineData(Product.Transforms, "Microsoft.Extensions.AI.Abstractions")]
    [InlineData(Product.Trainers)]
    public void Libraries_know_the_platform_ML_NET_and_TorchSharp_only(string assembly, params string[] interfaces)
        => Assert.Empty(References(assembly).Where(name => !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Microsoft.ML", StringComparison.Ordinal))
            .Except(["TorchSharp", Product.Core, Product.Transforms, .. interfaces]));

    [Theory]
    [InlineData(Product.Core)]
    [InlineData(Product.Transforms)]
    [InlineData(Product.Trainers)]
    public void Libraries_do_not_write_to_the_console(string assembly)
        => Assert.Empty(Product.Read(assembly).MainModule.GetTypeReferences().Where(type => type.FullName is "System.Console" or "System.Environment/SpecialFolder").Select(type => type.FullName));

    [Fact]
    public void Internals_of_ML_NET_are_used_in_the_interop_folder_only()
    {
        var interop = Product.Sources("src/Transforms/MLPipelines.Core/Interop").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        using var core = Product.Read(Product.Core);
        var users = core.MainModule.GetTypes().SelectMany(Uses).Where(use => IsInternalOfMLNet(use.Member)).ToList();

        Assert.NotEmpty(users);
        Assert.Empty(users.Where(use => !interop.Contains(Outermost(use.User).Name)).Select(use => $"{use.User.FullName} uses {use.Member.FullName}").Distinct());
    }

    [Fact]
    public void Only_Core_reaches_for_internals()
    {
        foreach (var file in Product.Sources("src").Where(file => !file.StartsWith("src/Transforms/MLPipelines.Core/Interop/", StringComparison.Ordinal)))
        {
            var text = Product.Text(file);
            foreach (var means in new[] { "UnsafeAccessor", "IgnoresAccessChecksTo", "LoadableClass(" }) Assert.False(text.Contains(means, StringComparison.Ordinal), $"{file} contains {means}");
        }

        foreach (var assembly in new[] { Product.Transforms, Product.Trainers, Product.Host })
            Assert.DoesNotContain(Product.Read(assembly).CustomAttributes, attribute => attribute.AttributeType.Name == "IgnoresAccessChecksToAttribute");
    }

    static IEnumerable<string> References(string assembly) => Product.Load(assembly).GetReferencedAssemblies().Select(name => name.Name!).Where(name => name != "netstandard");

    static IEnumerable<(TypeDefinition User, MemberReference Member)> Uses(TypeDefinition type)
        => type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand).OfType<MemberReference>().Select(member => (type, member));

    static bool IsInternalOfMLNet(MemberReference member)
    {
        var type = (member as TypeReference ?? member.DeclaringType)?.GetElementType();
        if (type is null || type.IsGenericParameter || !type.Scope.Name.StartsWith("Microsoft.ML", StringComparison.Ordinal)) return false;
        for (var outer = type.Resolve(); outer is not null; outer = outer.DeclaringType)
            if (outer.IsNotPublic || outer.IsNestedAssembly || outer.IsNestedPrivate || outer.IsNestedFamilyAndAssembly) return true;
        return member switch
        {
            MethodReference method => method.Resolve() is { } definition && (definition.IsAssembly || definition.IsPrivate || definition.IsFamilyAndAssembly),
            FieldReference field => field.Resolve() is { } definition && (definition.IsAssembly || definition.IsPrivate || definition.IsFamilyAndAssembly),
            _ => false,
        };
    }

    static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is not null) type = type.DeclaringType;
        return type;
    }
}
