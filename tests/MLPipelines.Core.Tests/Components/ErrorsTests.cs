using System.Reflection;
using System.Text.RegularExpressions;
using MLPipelines.Components;
using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Components;

public sealed partial class ErrorsTests
{
    [Fact]
    public void Text_has_the_house_form()
    {
        Assert.Equal("MLP999: what (where). Expected: this. Got: that. Do this.", Errors.Text("MLP999", "what", "where", "this", "that", "Do this"));
        Assert.Equal("MLP999: what.", Errors.Text("MLP999", "what"));
    }

    [Fact]
    public void Control_characters_do_not_reach_a_terminal() => Assert.Equal("X1: the name 'a\\u001b[31m\\u0007b'.", Errors.Text("X1", "the name 'a\u001b[31m\u0007b'"));

    [Fact]
    public void Every_message_has_a_documented_code_of_its_own()
    {
        var methods = typeof(Errors).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Count(method => method.Name != nameof(Errors.Text));
        var sources = Directory.GetFiles(RepositoryFiles.Path("src", "Transforms", "MLPipelines.Core", "Components"), "Errors*.cs");
        var codes = sources.SelectMany(file => DocumentedCode().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToList();

        Assert.NotEqual(0, methods);
        Assert.Equal(methods, codes.Count);
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.InRange(int.Parse(code[3..], provider: null), 2, 99));
    }

    [GeneratedRegex("<summary>(MLP[0-9]{3}): ")]
    private static partial Regex DocumentedCode();
}
