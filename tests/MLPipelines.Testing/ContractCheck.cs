namespace MLPipelines.Testing;

/// <summary>One check of a contract: independent of the others, throws when the component breaks it.</summary>
sealed record ContractCheck<TCase>(Action<TCase> Run)
{
    // A local function, as tests of the contract use, is compiled to a name of the form <Outer>g__Name|0_0.
    public string Name => Run.Method.Name.Split("g__")[^1].Split('|')[0];
}
