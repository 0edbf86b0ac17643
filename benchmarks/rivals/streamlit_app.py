"""The job in Streamlit."""

import plotly.graph_objects as go
import streamlit as st

from benchmarks.rivals.job import FIELDS, FIRST, TITLE, answer, figure, listed

st.title(TITLE)
state = {
    name: st.radio(label, list(states), index=list(states).index(FIRST[name]), format_func=states.get)
    for name, (label, states) in FIELDS.items()
}
found = answer(state)
st.plotly_chart(go.Figure(figure(found)), key="board")
st.markdown(listed(found))
